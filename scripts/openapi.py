"""Prints the OpenAPI description of the code beside it: what the portal's types are made from."""

from __future__ import annotations

import json
import sys

from gurita.http.openapi import describe
from gurita.http.root import PRODUCT_VERSION
from gurita.server.routes import ROUTES

json.dump(describe(ROUTES, "Gurita", PRODUCT_VERSION), sys.stdout)
