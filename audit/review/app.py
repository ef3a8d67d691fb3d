"""The local page: routes over one round. It binds to 127.0.0.1, asks nothing of any network and keeps no accounts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, redirect, render_template, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from audit.errors import AuditError
from audit.history.chain import Decision
from audit.history.lock import district_lock
from audit.history.store import Entry
from audit.review.guard import COOKIE, Keys, framed, protect, same, told
from audit.review.items import detail, line, progress, waiting
from audit.rounds import review
from audit.rounds.cases import Case, fold
from audit.rounds.desk import Desk
from audit.rounds.find import find_case
from audit.rounds.numbers import numbers_of
from audit.rounds.stated import DAY, FACT, LONGEST, PROOF, Statement, statement
from audit.rounds.states import REJECTIONS, State
from audit.rounds.wording import unit_names
from crawler.extract.encoding import decode
from crawler.store import ObservationStore, StoreError

LOCK_PATIENCE_S = 5.0
MAX_REQUEST = 64 * 1024


class Reviewer:
    """One person at one round. Reads what others decide meanwhile; writes under the district's lock."""

    def __init__(self, desk: Desk, person: str, second: bool) -> None:
        self.desk, self.person, self.second = desk, person, second
        self._lock = threading.Lock()
        self._machine = desk.machine()
        self._lines: list[Decision] = []
        self._cases: dict[str, Case] = {}
        self.numbers = numbers_of(desk)
        self.names = unit_names(desk.district)

    def cases(self) -> dict[str, Case]:
        """Present state; folded again only when there is a new line."""
        with self._lock:
            after = self._lines[-1].seq if self._lines else 0
            new = self.desk.history.decisions(self.desk.district.id, self.desk.round_id, after)
            if new or not self._cases:
                self._lines += new
                self._cases = fold(self.desk.fresh(self._machine), self._lines)
            return self._cases

    def act(self, asked: dict[str, Any]) -> Case:
        """Carry out one act. Raises AuditError when it is not allowed."""
        with district_lock(self.desk.folder, f"govaudit review（{self.person}）", LOCK_PATIENCE_S):
            cases = self.cases()
            case = cases.get(str(asked.get("id", "")))
            if case is None:
                raise AuditError("没有这个问题，请刷新页面。")
            if self.desk.frozen():
                raise AuditError("本轮已冻结，不能再初审；更正请用 govaudit round erratum。")
            if asked.get("seen") != str(case.state):
                raise AuditError(f"该问题已被他人处理，现为“{case.state}”。请按“下一条”继续。")
            role = review.SECOND if self.second else review.FIRST
            self.desk.decide(self.person, role, [self._entry(case, cases, asked)])
        return self.cases()[case.identity]

    def _stated(self, case: Case, asked: dict[str, Any]) -> Statement | None:
        if not case.unmeasured or case.gap:
            return None
        fact, proof, day = (str(asked.get(k, "")) for k in ("fact", "proof", "day"))
        return statement(case.lead, fact, proof, day, self.desk.today())

    def _entry(self, case: Case, cases: dict[str, Case], asked: dict[str, Any]) -> Entry:
        note = str(asked.get("note", ""))[:500]
        code = str(asked.get("reason", ""))
        match asked.get("act"):
            case "confirm":
                if self.second:
                    return review.second(case, self.person, True, note)
                return review.confirm(case, self.person, note, self._stated(case, asked))
            case "reject":
                if self.second and case.state is not State.SECOND:
                    raise AuditError("复核只处理待复核的问题。")
                return review.reject(case, self.person, code, note)
            case "manual":
                return review.second(case, self.person, False, note) if self.second else review.manual(case, note)
            case "refer":
                return review.refer(case, note)
            case "duplicate":
                return review.duplicate(case, find_case(cases, self.numbers, str(asked.get("of", ""))), note)
            case "undo":
                return review.undo(case, self.person)
        raise AuditError("未知的操作。")


def create_app(reviewer: Reviewer, keys: Keys, authority: Callable[[], str]) -> Flask:
    """The application. Nothing of it works without the cookie that the address with the token gives."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    protect(app, keys, authority)

    @app.get("/")
    def enter() -> Any:
        token = request.args.get("token", "")
        if token:
            if not same(token, keys.entry):
                abort(403)
            response = redirect("/", 303)
            response.set_cookie(COOKIE, keys.session, httponly=True, samesite="Strict", path="/")
            return response
        if not same(request.cookies.get(COOKIE, ""), keys.session):
            abort(403)
        desk = reviewer.desk
        return render_template(
            "review.html", district=desk.district.name, round_id=desk.round_id, person=reviewer.person,
            second=reviewer.second, csrf=keys.csrf, reasons=REJECTIONS,
            fact=FACT, proof=PROOF, day=DAY, longest=LONGEST,
        )  # fmt: skip

    @app.get("/favicon.ico")
    def icon() -> Any:
        return "", 204

    @app.get("/api/queue")
    def queue() -> Any:
        cases = reviewer.cases()
        rows = [
            {**line(c, reviewer.names, reviewer.numbers), "waiting": waiting(c, reviewer.person, reviewer.second)}
            for c in cases.values()
        ]
        return {"items": rows, "progress": progress(cases, reviewer.person, reviewer.second)}

    @app.get("/api/item/<identity>")
    def item(identity: str) -> Any:
        case = reviewer.cases().get(identity)
        if case is None:
            return told("没有这个问题。", 404)
        return detail(reviewer.desk, case, reviewer.numbers)

    @app.post("/api/act")
    def act() -> Any:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            return told("请求无法识别。", 400)
        try:
            case = reviewer.act(asked)
        except AuditError as error:
            return told(str(error), 409)
        cases = reviewer.cases()
        row = {
            **line(case, reviewer.names, reviewer.numbers),
            "waiting": waiting(case, reviewer.person, reviewer.second),
        }
        return {"item": row, "progress": progress(cases, reviewer.person, reviewer.second)}

    @app.get("/page/<sha256>")
    def page(sha256: str) -> Response:
        return framed(decode(_body(reviewer.desk, sha256)).text)

    @app.get("/shot/<sha256>")
    def shot(sha256: str) -> Response:
        body = _body(reviewer.desk, sha256)
        kind = "image/png" if body.startswith(b"\x89PNG") else "image/jpeg" if body.startswith(b"\xff\xd8") else ""
        if not kind:
            abort(404)
        return Response(body, mimetype=kind)

    return app


def _body(desk: Desk, sha256: str) -> bytes:
    try:
        with ObservationStore(desk.paths.observations, readonly=True) as store:
            return store.body(sha256)
    except StoreError:
        abort(404)


class Quiet(WSGIRequestHandler):
    """No line per request: the first one carries the token."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


class Server:
    """The running page. `address` carries the token and is told to nobody but the person at this terminal."""

    def __init__(self, reviewer: Reviewer, port: int = 0) -> None:
        self.keys = Keys()
        self._port = port
        app = create_app(reviewer, self.keys, self.authority)
        self._server: BaseWSGIServer = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
        self._port = self._server.server_port

    def authority(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def address(self) -> str:
        return f"http://{self.authority()}/?token={self.keys.entry}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        self._server.shutdown()

    def close(self) -> None:
        self._server.server_close()
