"""The matching engine: arrays in, proposals out. Imports no Django and no other room of the house.

`problem` reads and checks the file format, `solve` answers it, `score` makes the columns from people and tasks, by what
`pairs` says of one person and one task.
"""
