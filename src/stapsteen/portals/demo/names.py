"""Invented people: first and last names of where people in Flanders come from, with the language they speak best.

The names are frequent ones, put together at random; nobody in particular is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PHONES = "0470 12 {:02d} {:02d}"
"""Numbers that look made up."""


@dataclass(frozen=True)
class Origin:
    language: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]
    dutch: tuple[str, ...]
    """Levels of Dutch that occur (keys of people.models.DUTCH_LEVELS)."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


ORIGINS: dict[str, Origin] = {
    "flemish": Origin(
        "Nederlands",
        _words("Greet, Annelies, Rita, Lieve, Martine, Sofie, Nathalie, Hilde, Ilse, Katrien, Ingrid, Veerle, Tine"),
        _words("Luc, Dirk, Patrick, Bart, Wim, Kris, Jonas, Stijn, Danny, Rudy, Gert, Marc, Koen, Jelle"),
        _words("Peeters, Janssens, Van Loon, Wouters, Mertens, Claes, Verhoeven, Goossens, Smets, Vermeulen, Aerts, Hendrickx"),
        ("native",),
    ),
    "turkish": Origin(
        "Turks", _words("Emine, Zeynep, Hatice, Elif"), _words("Murat, Yusuf, Kemal, Emre"),
        _words("Yılmaz, Kaya, Demir, Şahin, Aydın, Özdemir"), ("1.2", "2", "3"),
    ),
    "moroccan": Origin(
        "Arabisch", _words("Fatima, Naima, Samira, Hafsa, Loubna"), _words("Rachid, Mustapha, Younes, Hamid, Bilal"),
        _words("El Amrani, Bouzid, Haddou, Belkacem, Ouali, Azzouzi"), ("1.2", "2", "3"),
    ),
    "ukrainian": Origin(
        "Oekraïens", _words("Oksana, Iryna, Olena, Natalia"), _words("Andriy, Serhiy, Mykola"),
        _words("Kovalenko, Shevchuk, Bondar, Melnyk, Tkachenko"), ("1.1", "1.2", "2"),
    ),
    "congolese": Origin(
        "Frans", _words("Béatrice, Grâce, Chantal, Divine"), _words("Patrice, Junior, Dieudonné, Trésor"),
        _words("Mukendi, Kabongo, Ilunga, Mbuyi, Tshibangu"), ("1.2", "2"),
    ),
    "polish": Origin(
        "Pools", _words("Agnieszka, Małgorzata, Ewa"), _words("Tomasz, Piotr, Krzysztof"),
        _words("Nowak, Wiśniewski, Zieliński, Mazur, Lewandowski"), ("1.2", "2"),
    ),
    "syrian": Origin(
        "Arabisch", _words("Rima, Hala, Nour, Samar"), _words("Khaled, Omar, Ahmad, Basel"),
        _words("Al Khatib, Haddad, Darwish, Saleh, Nasser"), ("1.2", "2", "2"),
    ),
    "afghan": Origin(
        "Dari", _words("Zahra, Shirin, Laila"), _words("Farid, Hamid, Reza, Nabil"),
        _words("Ahmadi, Rahimi, Karimi, Noori"), ("1.1", "1.2", "2"),
    ),
    "bulgarian": Origin(
        "Bulgaars", _words("Ivanka, Desislava"), _words("Georgi, Dimitar"), _words("Petrov, Ivanov, Todorov"), ("1.1", "1.2"),
    ),
    "ghanaian": Origin(
        "Engels", _words("Abena, Esther"), _words("Kwame, Kofi"), _words("Mensah, Owusu, Boateng"), ("1.2", "2"),
    ),
    "tibetan": Origin("Tibetaans", _words("Pema, Dolma"), _words("Tenzin, Tashi"), _words("Dorje, Norbu"), ("1.2", "2")),
    "eritrean": Origin("Tigrinya", _words("Selam, Rahwa"), _words("Filmon, Yonas"), _words("Tesfay, Haile"), ("1.1", "1.2")),
}  # fmt: skip
MIX = {
    "flemish": 10, "turkish": 2, "moroccan": 3, "ukrainian": 2, "congolese": 1, "polish": 1, "syrian": 2, "afghan": 2,
    "bulgarian": 1, "ghanaian": 1, "tibetan": 1, "eritrean": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Name:
    first: str
    last: str
    language: str
    dutch: str
    phone: str


class Names:
    """Draws names without giving the same one twice."""

    def __init__(self, rng: Random, flemish: int = 10) -> None:
        self.rng = rng
        self.mix = {**MIX, "flemish": flemish}
        self.used: set[tuple[str, str]] = set()
        self.first_names: dict[str, int] = {}

    def draw(self) -> Name:
        while True:
            kind = self.rng.choices(list(self.mix), list(self.mix.values()))[0]
            origin = ORIGINS[kind]
            first = self.rng.choice(origin.women + origin.men)
            last = self.rng.choice(origin.last)
            if (first, last) not in self.used and self.first_names.get(first, 0) < 2:
                break
        self.used.add((first, last))
        self.first_names[first] = self.first_names.get(first, 0) + 1
        number = len(self.used)
        phone = PHONES.format(30 + number // 100, number % 100)
        return Name(first, last, origin.language, self.rng.choice(origin.dutch), phone)
