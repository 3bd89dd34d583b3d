"""Names for made-up persons."""

FIRST = [
    "Amina", "Bart", "Chloé", "Dirk", "Elif", "Farid", "Greet", "Hilde", "Ivan", "Jamila", "Koen", "Lieve",
]  # fmt: skip
LAST = [
    "Peeters", "Janssens", "Yılmaz", "El Amrani", "Wouters", "Claes", "Öztürk", "De Smedt", "Maes", "Diallo",
]  # fmt: skip
