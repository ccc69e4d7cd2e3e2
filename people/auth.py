"""Sign-in, sign-out, invitations: the login manager."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager

login_manager = LoginManager()


def init(app: Flask) -> None:
    login_manager.init_app(app)
