"""`/api/documents`, `/api/jobs` and `/api/feedback`: what the store holds, changing it, and what readers thought."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from index.errors import ReadError
from index.once_more import read_newest
from ui.access.values import caller_of
from ui.api.errors import administrator, responses
from ui.api.models import DocumentOut, DocumentsOut, FeedbackIn, JobOut
from ui.api.public import public
from ui.desk import Desk
from ui.feedback import Feedback
from ui.json_out import document_json, reading_json
from ui.library import Job, Library
from ui.metrics import Metrics
from ui.refusals import language_of
from ui.uploads import Uploads

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot

MOST_FILES = 100
_PIECE = 1 << 20


def document_routes(desk: Desk, library: Library) -> APIRouter:
    """Return the routes over the documents of `desk`; only an administrator changes them."""
    router = APIRouter(prefix="/api", tags=["documents"])
    _add_reading(router, desk)
    _add_changing(router, library)
    return router


def _add_reading(router: APIRouter, desk: Desk) -> None:
    """Add what everybody may do: see what the store holds."""

    @router.get("/documents", response_model=DocumentsOut, responses=responses(503), summary="What the store holds")
    def documents(
        limit: Annotated[int, Query(ge=1, le=500)] = 100, offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0
    ) -> Response:
        def listed(snapshot: Snapshot) -> Response:
            found = snapshot.documents()
            shown = found[offset : offset + limit]
            sizes = snapshot.sizes([document.document for document in shown])
            rows = [document_json(document, sizes[document.document]) for document in shown]
            return JSONResponse(public({"total": len(found), "documents": rows}))

        return read_newest(desk.store, listed)

    @router.get(
        "/documents/{document}",
        response_model=DocumentOut,
        responses=responses(404, 503),
        summary="One document with its text and passages, as it was understood",
    )
    def document(document: str) -> Response:
        reading = (
            read_newest(desk.store, lambda snapshot: snapshot.reading(document)) if is_identifier(document) else None
        )
        if reading is None:
            raise HTTPException(404)
        return JSONResponse(public(reading_json(reading)))


def _add_changing(router: APIRouter, library: Library) -> None:
    """Add what an administrator may do: add and remove documents, and see how far that is."""
    ours = [Depends(administrator)]

    @router.post(
        "/documents",
        status_code=202,
        response_model=JobOut,
        responses=responses(409, 503),
        dependencies=ours,
        summary="Add or update documents from files; the work goes on after the answer",
    )
    async def add(files: list[UploadFile], request: Request) -> Response:
        if len(files) > MOST_FILES:
            raise ReadError("library.too_many", most=MOST_FILES)
        paths = dict[Path, None]()
        for file in files:
            paths[await library.uploads.keep(file.filename or "document", _pieces(file))] = None
        job = await run_in_threadpool(library.add, list(paths), caller_of(request.scope).name)
        return JSONResponse(job_json(job, library.uploads, request), 202)

    @router.delete(
        "/documents/{document}",
        status_code=204,
        responses=responses(404, 409, 503),
        dependencies=ours,
        summary="Remove a document: it answers nothing from the next request on",
    )
    def remove(document: str, request: Request) -> Response:
        if not is_identifier(document) or not library.remove([document], caller_of(request.scope).name):
            raise HTTPException(404)
        return Response(status_code=204)

    @router.get(
        "/jobs/{job}",
        response_model=JobOut,
        responses=responses(404),
        dependencies=ours,
        summary="How far the reading of files is",
    )
    def job(job: str, request: Request) -> Response:
        found = library.job(job)
        if found is None:
            raise HTTPException(404)
        return JSONResponse(job_json(found, library.uploads, request))


def feedback_routes(feedback: Feedback, metrics: Metrics) -> APIRouter:
    """Return the routes for what readers thought of an answer."""
    router = APIRouter(prefix="/api", tags=["feedback"])

    @router.post("/feedback", status_code=204, responses=responses(503), summary="Say what was thought of an answer")
    def add(body: FeedbackIn) -> Response:
        feedback.add(body.answer, body.verdict, body.reasons, body.question)
        metrics.judgements.labels(body.verdict).inc()
        return Response(status_code=204)

    @router.get(
        "/feedback",
        response_model=list[dict[str, Any]],
        responses=responses(503),
        dependencies=[Depends(administrator)],
        summary="All that readers thought, the oldest first",
    )
    def all_of_it() -> Response:
        return JSONResponse([asdict(judgement) for judgement in feedback.all()])

    return router


def job_json(job: Job, uploads: Uploads, request: Request) -> dict[str, Any]:
    """Return a piece of work as JSON, in the language of the request; files are named as they were uploaded."""
    language = language_of(request.scope)
    files = [
        {
            "file": Path(file.path).name,
            "status": file.status,
            "document": file.document,
            "kind": file.kind,
            "passages": file.passages,
            "message": uploads.named(file.message[language]),
        }
        for file in job.files
    ]
    how_far = {"state": job.state, "done": job.done, "total": job.total}
    return {"job": job.job, **how_far, "message": job.message(language), "files": files}


def is_identifier(document: str) -> bool:
    """Whether this could be the identifier of a document: some text that SQLite can compare."""
    return len(document) <= 300 and document.isprintable()


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece
