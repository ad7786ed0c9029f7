"""The pages: one file for each thing a person does; `ALL` is the list of their blueprints."""

from flask import Blueprint

ALL: tuple[Blueprint, ...] = ()
