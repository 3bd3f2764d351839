"""The page's own addresses. Whatever shows a document's words asks for a sealed one; runs are shown by plain names."""

from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response

from assistant.answers import Citation
from assistant.web.export import markdown
from assistant.web.feedback import COMPLETE, TO_COMPLETE
from assistant.web.listing import LONGEST, ROWS, Wanted
from assistant.web.render_documents import documents, no_index
from assistant.web.render_source import View, nothing, source
from assistant.web.site_parts import Site
from assistant.web.uploads import DOCUMENTS, SETS, store
from corpus.errors import AssistantError, UsageError

HERE = Path(__file__).parent
OWN = ("page.css", "frames.js", "page.js", "source.css", "source.js", "shelf.js", "favicon.svg")
KEPT = {"cache-control": "private, max-age=3600"}  # an address stands for the same bytes for ever


class Routes:
    """All of them, over one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def add_to(self, app: FastAPI) -> None:
        """Make them known."""
        app.add_api_route("/own/{name}", own)
        app.add_api_route("/source/{address}", self.source, response_class=HTMLResponse)
        app.add_api_route("/picture/{address}/{number}.png", self.picture, response_class=Response)
        app.add_api_route("/original/{address}", self.original, response_class=Response)
        app.add_api_route("/conversation/{key}.md", self.conversation, response_class=PlainTextResponse)
        app.add_api_route("/documents", self.documents, response_class=HTMLResponse)
        app.add_api_route("/report/{run}", self.report, response_class=HTMLResponse)
        app.add_api_route("/pulse", self.pulse)
        app.add_api_route("/feedback", self.feedback, methods=["POST"])
        app.add_api_route("/upload/{kind}", self.upload, methods=["POST"])

    def source(self, address: str) -> HTMLResponse:
        """The place of a quote."""
        try:
            cite = self._cite(address)
            backend = self._site.desk.opened()
            same = self._site.pictures.is_indexed(backend.file(cite.sha256), cite.sha256)
            return HTMLResponse(source(View(cite, backend.document(cite.sha256), address, same)))
        except AssistantError as error:
            return HTMLResponse(nothing(str(error)), status_code=404)

    def picture(self, address: str, number: int) -> Response:
        """A page of a cited PDF, the quote painted."""
        try:
            cite, file = self._file(address)
            return Response(self._site.pictures.page(file, cite, number), media_type="image/png", headers=KEPT)
        except AssistantError as error:
            return PlainTextResponse(str(error), status_code=404)

    def original(self, address: str) -> Response:
        """The cited file itself, always as a download: it may hold scripts."""
        try:
            cite, file = self._file(address)
        except AssistantError as error:
            return PlainTextResponse(str(error), status_code=404)
        return FileResponse(file, filename=cite.document, media_type="application/octet-stream")

    def conversation(self, key: str) -> Response:
        """A conversation as a Markdown file."""
        headers = {"content-disposition": 'attachment; filename="conversation.md"'}
        words = markdown(self._site.conversations.turns(key))
        return PlainTextResponse(words, media_type="text/markdown; charset=utf-8", headers=headers)

    def documents(self, find: str = "", column: str = "", down: bool = False, rows: int = ROWS) -> HTMLResponse:
        """What the Documents tab shows, searched and sorted; why nothing, while there is no index."""
        backend, error = self._site.desk.ready, self._site.desk.error
        if backend is None:
            return HTMLResponse(no_index(str(error) if error else "The index is being opened …"))
        try:
            wanted = Wanted(find[:LONGEST], column, down, rows)
            return HTMLResponse(documents(backend.status(), str(backend.uploads), wanted))
        except AssistantError as failure:
            return HTMLResponse(no_index(str(failure)))

    def report(self, run: str) -> HTMLResponse:
        """The report of an evaluation run: a page of its own that needs nothing else and runs nothing."""
        try:
            return HTMLResponse(self._site.desk.opened().runs.report(run))
        except AssistantError as error:
            return HTMLResponse(nothing(str(error)), status_code=404)

    async def pulse(self, key: str, shown: str | None = None) -> JSONResponse:
        """The signs of all that may change; for a page that waits for an answer, once the answer is there."""
        pulse = self._site.pulse
        signs = await (pulse.now(key) if shown is None else pulse.awaited(key, shown))
        return JSONResponse(signs, headers={"cache-control": "no-store"})

    def feedback(self, turn: str, verdict: int) -> JSONResponse:
        """Keep what a reader says of an answer."""
        found = self._site.conversations.find(turn)
        try:
            if found is None:
                raise UsageError("This answer is not kept any more. Ask again.")
            return JSONResponse({"message": self._site.feedback.keep(found, verdict)})
        except AssistantError as error:
            return JSONResponse({"message": str(error)}, status_code=422)

    async def upload(self, kind: str, name: str, request: Request) -> JSONResponse:
        """Store a document or an evaluation set."""
        try:
            folder, types = await run_in_threadpool(self._place_of, kind)
            if kind == "sets" and name.casefold() in (COMPLETE, TO_COMPLETE):
                raise UsageError(f"“{name}” was not stored: verdicts on answers are kept under that name; rename it.")
            return JSONResponse({"stored": True, "message": await store(name, request.stream(), folder, types=types)})
        except AssistantError as error:
            return JSONResponse({"stored": False, "message": str(error)}, status_code=422)

    def _cite(self, address: str) -> Citation:
        place = self._site.seal.place(address)
        return self._site.desk.opened().citation(place.sha256, place.start, place.end)

    def _file(self, address: str) -> tuple[Citation, Path]:
        """The citation and its file. Raises: UsageError if the bytes are not the indexed ones."""
        cite = self._cite(address)
        file = self._site.desk.opened().file(cite.sha256)
        if file is None or not self._site.pictures.is_indexed(file, cite.sha256):
            raise UsageError("The file has changed or is gone. Rebuild to bring the index up to date.")
        return cite, file

    def _place_of(self, kind: str) -> tuple[Path, tuple[str, ...]]:
        if kind == "documents":
            return self._site.desk.opened().uploads, DOCUMENTS
        if kind == "sets":
            return self._site.own_sets, SETS
        raise UsageError(f"Nothing is uploaded to “{kind}”.")


def own(name: str) -> FileResponse:
    """The page's own style and script."""
    if name not in OWN:
        raise HTTPException(404)
    return FileResponse(HERE / name, headers={"cache-control": "no-cache"})
