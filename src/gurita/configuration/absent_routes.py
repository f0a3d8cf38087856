"""Things of the field's servers this one does not have, answered as a server without any of them would.

Clients read these when they start; an empty answer lets them go on.
"""

from __future__ import annotations

from typing import Any

from gurita.http.api import Call
from gurita.http.envelope import envelope
from gurita.http.permissions import SIGNED_IN
from gurita.http.query import ListQuery
from gurita.http.root import API_VERSION, VERSION
from gurita.http.routes import Routes
from gurita.kernel.errors import NotFound

__all__ = ["routes"]

_system, _space = Routes("system"), Routes("space")


def _empty(call: Call, item: str, path: str, template: str, query: ListQuery) -> bytes:
    place = call.links.system(path)
    return envelope(item, [], 0, query.paging, path=place, template=template, filters=call.filters())


@_system.get("/dynamic-extensions/features/metadata", permission=SIGNED_IN)
async def features(_call: Call) -> dict[str, list[Any]]:
    """Features of extensions."""
    return {"Features": []}


@_system.get("/dynamic-extensions/features/values", permission=SIGNED_IN)
async def feature_values(_call: Call) -> dict[str, dict[str, str]]:
    """Settings of extensions."""
    return {"Values": {}}


@_system.get("/dynamic-extensions/scripts", permission=SIGNED_IN)
async def scripts(call: Call) -> dict[str, Any]:
    """Scripts of extensions."""
    return {
        "ConfigurationRetrieved": True,
        "Scripts": [],
        "InstallationId": call.services.installation_id,
        "SerialHash": "",
        "ServerVersion": VERSION,
        "ServerApiVersion": API_VERSION,
    }


@_system.get("/communityactiontemplates", permission="ActionTemplateView", returns=dict[str, Any])
async def templates(call: Call, query: ListQuery) -> bytes:
    """Step templates of the community."""
    return _empty(call, "CommunityActionTemplate", "communityactiontemplates", "{/id}{?skip,take,ids}", query)


@_system.get("/communityactiontemplates/{id}", permission="ActionTemplateView", returns=dict[str, Any])
async def template(_call: Call, id: str) -> bytes:
    """A step template of the community: there is none."""
    raise NotFound(id)


@_system.get("/issuetrackers", permission=SIGNED_IN, returns=dict[str, Any])
async def trackers(call: Call, query: ListQuery) -> bytes:
    """Issue trackers."""
    return _empty(call, "IssueTracker", "issuetrackers", "{?skip,take,ids,partialName}", query)


@_system.get("/workertoolslatestimages", permission=SIGNED_IN)
async def images(_call: Call) -> dict[str, str]:
    """Container images with tools for workers."""
    return {}


@_system.get("/letsencryptconfiguration", permission="ConfigureServer")
async def lets_encrypt(call: Call) -> dict[str, Any]:
    """Certificates from Let's Encrypt: put a proxy in front that has them."""
    return {
        "Id": "letsencryptconfiguration",
        "Enabled": False,
        "RegistrationEmailAddress": None,
        "DnsName": None,
        "HttpsPort": 443,
        "IPAddress": None,
        "AcceptLetsEncryptTermsOfService": False,
        "CertificateExpiryDate": None,
        "CertificateThumbprint": None,
        "Path": None,
        "Links": {"Self": call.links.system("letsencryptconfiguration")},
    }


@_space.get("/useronboarding", permission="ProjectView")
async def onboarding(call: Call) -> dict[str, Any]:
    """What somebody new is led through."""
    return {"Tasks": [], "Links": {"Self": call.links.space("useronboarding")}}


routes = [*_system.items, *_space.items]
