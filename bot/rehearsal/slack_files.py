"""Files that stand in the played Slack: given to whoever shows the bot's token."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from bot.rehearsal.slack_payloads import Json


@dataclass
class Files:
    """Files by their names. Where they are not `allowed`, as in a workspace where the app has no
    such permission, Slack leads to a page to sign in at, and shows no form that takes one."""

    allowed: bool = True
    kept: dict[str, bytes] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # tokens, where not the usual one
    asked: list[str] = field(default_factory=list)  # how each that fetched one showed who they are

    def upload(self, base: str, name: str, content: bytes, token: str = "") -> str:
        """The address of a file that somebody attached; `base` is Slack's, and the `token` that
        of their workspace, where there are several."""
        self.kept[name] = content
        if token:
            self.owners[name] = token
        return f"{base.removesuffix('/api/')}/files/{name}"

    def serve(self, application: web.Application, token: str) -> None:
        """Have an application give them to whoever shows the token."""

        async def give(request: web.Request) -> web.StreamResponse:
            shown = request.headers.get("Authorization", "")
            self.asked.append(shown)
            name = request.match_info["name"]
            if not self.allowed or shown != f"Bearer {self.owners.get(name, token)}":
                raise web.HTTPFound("/sign-in")
            content = self.kept.get(name)
            if content is None:
                raise web.HTTPNotFound
            return web.Response(body=content, content_type="application/octet-stream")

        application.router.add_get("/files/{name}", give)

    def refused(self, view: Json) -> str:
        """Slack's word for why a form cannot be shown; "" for nothing."""
        takes = any(one.get("element", {}).get("type") == "file_input" for one in view["blocks"])
        return "" if self.allowed or not takes else "missing_scope"
