"""The mailbox's page: a list of what came, and each mail as its reader would see it."""

from importlib.resources import files

from aiohttp import web

from skywrite.demo.mailbox.mails import Mail, Mails

_SHOWN = 200
_PAGE = files("skywrite.demo.mailbox") / "page.html"
# A mail is a stranger's document: it may load pictures, so that its opening is real, and run nothing.
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; "
    "style-src 'unsafe-inline' *; font-src *"
)
_PAGE_POLICY = "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data:"


def make_app(mails: Mails) -> web.Application:
    """The page and what it asks for, as an app."""

    async def page(_: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": _PAGE_POLICY}
        return web.Response(text=_PAGE.read_text(), content_type="text/html", headers=headers)

    async def listing(request: web.Request) -> web.Response:
        found = mails.newest(_SHOWN, request.query.get("q", ""))
        return web.json_response({"total": mails.total, "mails": [mail.heading() for mail in found]})

    async def whole(request: web.Request) -> web.Response:
        return web.json_response(_asked(mails, request).whole())

    async def html(request: web.Request) -> web.Response:
        content = _asked(mails, request).part("html")
        headers = {"Content-Security-Policy": _MAIL_POLICY, "Referrer-Policy": "no-referrer"}
        return web.Response(text=content, content_type="text/html", charset="utf-8", headers=headers)

    app = web.Application()
    app.add_routes(
        [
            web.get("/", page),
            web.get("/mails", listing),
            web.get("/mails/{id:[0-9]+}", whole),
            web.get("/mails/{id:[0-9]+}/html", html),
        ]
    )
    return app


def _asked(mails: Mails, request: web.Request) -> Mail:
    found = mails.get(int(request.match_info["id"][:18]))
    if found is None:
        raise web.HTTPNotFound(text="This mail made room for newer ones.")
    return found
