"""The pages: one file for each thing a person does; `ALL` is the list of their blueprints."""

from flask import Blueprint

from siposyandu.web import frame, home, join, laptop, login, search, skdn, today

ALL: tuple[Blueprint, ...] = (
    frame.pages,
    home.pages,
    login.pages,
    today.pages,
    search.pages,
    skdn.pages,
    laptop.pages,
    join.pages,
)
