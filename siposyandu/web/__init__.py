"""The pages: one file for each thing a person does; `ALL` is the list of their blueprints."""

from flask import Blueprint

from siposyandu.web import (
    answer,
    child,
    correct,
    drafts,
    frame,
    home,
    identity,
    join,
    keep,
    keep_edit,
    keep_import,
    laptop,
    login,
    plot_library,
    province,
    register,
    search,
    skdn,
    today,
    weigh,
)

ALL: tuple[Blueprint, ...] = (
    frame.pages,
    home.pages,
    login.pages,
    today.pages,
    search.pages,
    register.pages,
    weigh.pages,
    answer.pages,
    child.pages,
    correct.pages,
    identity.pages,
    drafts.pages,
    skdn.pages,
    province.pages,
    plot_library.pages,
    keep.pages,
    keep_import.pages,
    keep_edit.pages,
    laptop.pages,
    join.pages,
)
