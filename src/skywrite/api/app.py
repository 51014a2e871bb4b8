"""The ASGI app: the management API's routes, its OpenAPI document, and the UI."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Message, Scope

from skywrite import __version__
from skywrite.access.links import remember_address
from skywrite.api import (
    broadcasts,
    catalog,
    channels,
    contacts,
    debugger,
    deliveries,
    demo,
    destinations,
    health,
    imports,
    incoming,
    lists,
    messages,
    metrics,
    people,
    pipeline,
    rejections,
    reports,
    segment_sync,
    segments,
    session,
    source_pages,
    sources,
    suppressions,
    templates,
    ui,
    warehouse,
)
from skywrite.api.parts import Parts
from skywrite.api.problems import HANDLERS

ROUTES: list[Any] = [
    session.open_routes,
    session.routes,
    people.routes,
    catalog.routes,
    sources.routes,
    source_pages.routes,
    debugger.routes,
    rejections.routes,
    destinations.routes,
    deliveries.routes,
    channels.routes,
    templates.routes,
    warehouse.routes,
    imports.routes,
    contacts.routes,
    lists.routes,
    segment_sync.routes,
    messages.routes,
    broadcasts.routes,
    suppressions.routes,
    reports.routes,
    pipeline.routes,
    demo.routes,
    segments.routes,
    incoming.routes,
    health.routes,
    metrics.routes,
    ui.routes,
]

_LARGEST_BODY = 4 << 20
# Pictures of other hosts are those of mails that are looked at.
_CONTENT_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
]


def create_app(parts: Parts) -> Litestar:
    """The app of these parts."""

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        remember_address(parts.settings)
        yield
        parts.bells.close()
        parts.reader.close()

    return Litestar(
        route_handlers=ROUTES,
        dependencies={"parts": Provide(lambda: parts, sync_to_thread=False)},
        state=State({"parts": parts}),
        exception_handlers=HANDLERS,
        before_send=[_add_headers],
        lifespan=[running],
        openapi_config=_openapi(),
        request_max_body_size=_LARGEST_BODY,
        logging_config=None,
        on_app_init=[_without_noise],
    )


def _without_noise(config: AppConfig) -> AppConfig:
    config.debug = False
    return config


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Skywrite",
        version=__version__,
        description="The management API: all that the web UI and the command line can do.",
        path="/api/openapi.json",
        render_plugins=[JsonRenderPlugin(path="/")],
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: handler.handler_name.rpartition(".")[2],
        security=[{"token": []}, {"session": []}],
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer"),
                "session": SecurityScheme(type="apiKey", name="skywrite_session", security_scheme_in="cookie"),
            }
        ),
    )


async def _add_headers(message: Message, _: Scope) -> None:
    if message["type"] == "http.response.start":
        message["headers"] = [*message.get("headers", []), *_HEADERS]
