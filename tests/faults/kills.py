"""SIGKILL in the middle of an upload, an analysis, an answer, a report, an erasure, an exchange of the master key: at a
chosen call of the server on a chosen file (see interpose.py), or in a chosen state."""

import base64
import dataclasses
import http.client
import io
import json
import re
import subprocess
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

from interpose import CHANGES, KILL, NAMES, RENAME, SEND, SYNC, WRITE, Call, Interposer, Rule
from rig import GONE, Client, Extent, FaultyServer, Ledger, check, descendants, pictures, sample_film, scenario, spread, temporary, until

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}
# Long after a picture came nothing is done with it any more but what is looked for in it.
QUIET = {"LIGHTBOX_LOG_LEVEL": "notice"}


def kind(call: Call, data: Path) -> str:
    """What a call does, without the names that differ each time."""
    path = call.path.removeprefix(str(data))
    if call.kind == SEND:
        return "answer"
    name = path.rsplit("/", 1)[-1]
    what = next((word for word in ("picture", "preview", "reception", "snapshot", "report", "heatmap", "samples") if name.startswith(word)), None)
    if what is None:
        what = "draft" if name.endswith(".part") else (name if name.startswith(("lightbox", "audit", "master", "signing")) else "folder")
    # The process's id, in names that are made for one.
    return f"{NAMES[call.kind]} {re.sub(r'[.][0-9]+$', '', what)}".replace("make folder folder", "make folder")


@dataclasses.dataclass(frozen=True)
class Place:
    """The `number`th call of those that are meant is the last thing that the process does."""

    name: str
    rule: Rule


def places(server: FaultyServer, work, of_interest=lambda text: True) -> list[Place]:
    """Records what `work` makes the server call, and gives each first call of a run of equal ones as a place to kill it."""
    with server.interposer.recording(str(server.data)):
        work()
        # The answer is the last of it; what the server does by itself after that is not meant.
    calls = [call for call in server.interposer.calls() if call.kind & (CHANGES | SEND)]
    if any(call.kind == SEND and call.path == f"tcp:{server.port}" for call in calls):
        last = max(number for number, call in enumerate(calls) if call.kind == SEND and call.path == f"tcp:{server.port}")
        calls = calls[:last + 1]
    seen: dict[tuple[int, str], int] = {}
    found: list[Place] = []
    before = ""
    for call in calls:
        text = kind(call, server.data)
        part = part_of(call, server)
        number = seen[call.kind, part] = seen.get((call.kind, part), 0) + 1
        if text != before and of_interest(text):
            found.append(Place(text, Rule(call.kind, part, KILL, first=number, count=1)))
        before = text
    return found


def chosen(found: list[Place], extent: Extent, quick: set[str], few: int = 1) -> list[Place]:
    """All places; or as many as there is time for, from the first to the last, with those that matter most among them."""
    if extent.quick:
        meant = [place for place in found if place.name in quick] or found
        return list({place.name: place for place in meant}.values())[:few]
    if not extent.places or extent.places >= len(found):
        return found
    even = {round(number * (len(found) - 1) / max(1, extent.places - 1)) for number in range(extent.places)}
    return [place for number, place in enumerate(found) if number in even or place.name in quick]


def part_of(call: Call, server: FaultyServer) -> str:
    """What the paths of such calls have in common each time."""
    if call.kind == SEND:
        return f"tcp:{server.port}"
    name = call.path.rsplit("/", 1)[-1]
    for word in ("picture-", "preview-", "reception-", "snapshot-", "report-", "samples-", ".part"):
        if word in name:
            return word
    return name if "sqlite" in name or "key" in name else "/files/"


def killed(server: FaultyServer, place: Place, work) -> bool:
    """Whether the server met its end at the place while it did the work."""
    with server.interposer.rules(place.rule):
        try:
            work()
        except (*GONE, AssertionError, json.JSONDecodeError):
            pass
        if server.interposer.struck():
            check(server.wait_for_end() == -9, "it didn't end by SIGKILL")
            return True
    return False


def swept(server: FaultyServer, uploads: int) -> None:
    """Each picture has its file and three previews, and nothing else is there."""
    names = [name for name in server.files() if not name.startswith("samples-")]
    check(not [name for name in names if name.endswith(".part")], names)
    check(len(names) == 4 * uploads, f"{uploads} pictures, but {names}")


# MARK: - Uploads


QUICK_UPLOAD = {"sync picture", "sync lightbox.sqlite-wal", "answer"}


@scenario("SIGKILL at each kind of call that one upload makes: folder, draft, its bytes, its length, previews, names, each sync, "
          "the row, its commit, the line of the trail, the answer")
def upload_killed_at_each_call(extent: Extent) -> str:
    source = pictures(extent.seed)
    with FaultyServer("upload-calls", **QUIET) as server:
        ledger = Ledger(Client(server).begin())
        ledger.upload(next(source))
        server.idle()
        found = places(server, lambda: ledger.upload(next(source)))
        names = [place.name for place in found]
        check({"sync picture", "sync lightbox.sqlite-wal", "answer"} <= set(names), names)
        found = chosen(found, extent, QUICK_UPLOAD, 3)
        struck, there, gone = [], [], []
        for place in found:
            # With a new session, which has no folder yet.
            if not killed(server, place, lambda: ledger.upload(next(source))):
                continue
            struck.append(place.name)
            server.restart()
            kept, more = ledger.settle()
            swept(server, kept + more)
            (there if more > len(there) else gone).append(place.name)
        server.is_sound()
        check(len(struck) >= len(found) - 2 and len(struck) >= 3, f"only {struck}")
        # What is committed is there though its answer was lost; what isn't committed is not to be seen.
        check("answer" in there and "sync picture" in gone, there, gone)
        again = ledger.upload(next(source))
        check(again is not None and again.status == 201)
        return (f"{len(struck)} kills, each at another call ({', '.join(dict.fromkeys(struck))}): {len(ledger.kept)} answered uploads there with their bytes, 0 lost; "
                f"of the {len(struck)} unanswered ones {len(gone)} are invisible and {len(there)}, killed after the commit ({', '.join(dict.fromkeys(there))}), are there whole; "
                f"no draft or other file of nobody was left. Ready again after {spread(server.restart_seconds)}")


@scenario("SIGKILL at each kind of call that the last part of an upload in two parts (tus) makes, after the first was acknowledged")
def upload_in_parts_killed_at_each_call(extent: Extent) -> str:
    source = pictures(extent.seed + 1)
    with FaultyServer("part-calls", **QUIET) as server:
        ledger = Ledger(Client(server).begin())
        client = ledger.client

        def begin(picture: bytes) -> str:
            name = base64.b64encode(b"a.png").decode()
            created = client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": str(len(picture)), "Upload-Metadata": f"filename {name}"})
            check(created.status == 201, created.body)
            answer = part(created.headers["location"], picture, 0, len(picture) // 2)
            check(answer.status == 204, answer.body)
            return created.headers["location"]

        def part(address: str, picture: bytes, start: int, end: int):
            return client.ask("PATCH", address, picture[start:end], {**PART, "Upload-Offset": str(start)})

        def finish(address: str, picture: bytes, start: int) -> None:
            answer = part(address, picture, start, len(picture))
            check(answer.status == 204 and "content-location" in answer.headers, answer.status, answer.body)
            ledger.promise(answer.headers["content-location"].rsplit("/", 1)[1], picture)

        picture = next(source)
        address = begin(picture)
        server.idle()
        found = places(server, lambda: finish(address, picture, len(picture) // 2))
        # Between the picture's name and its row, the parts must still be there.
        found = chosen(found, extent, {"sync preview"})
        struck, went_on, was_whole, over = [], 0, 0, 0
        for place in found:
            picture = next(source)
            address = begin(picture)
            acknowledged = len(picture) // 2
            if not killed(server, place, lambda: finish(address, picture, acknowledged)):
                continue
            struck.append(place.name)
            server.restart()
            head = client.ask("HEAD", address, headers=TUS)
            if head.status == 200 and int(head.headers["upload-offset"]) < len(picture):
                offset = int(head.headers["upload-offset"])
                check(offset >= acknowledged, f"at {place.name}: {acknowledged} bytes were acknowledged, {offset} are there")
                finish(address, picture, offset)
                went_on += 1
                continue
            was_whole += head.status == 200
            over += head.status == 410
            said = until(lambda: ended(client, address, place.name))
            ledger.promise(said["uploads"][0]["id"], picture)
        kept, more = ledger.settle()
        check(more == 0, f"{more} twice")
        swept(server, kept)
        server.is_sound()
        check(struck and len(struck) >= len(found) - 2, f"only {struck}")
        return (f"{len(struck)} kills ({', '.join(dict.fromkeys(struck))}): no acknowledged byte lost; {went_on} went on from where they stood, {was_whole} were whole and were "
                f"read after the start, {over} had been kept; each picture is there once")


def ended(client: Client, address: str, name: str):
    answer = client.ask("GET", address)
    check(answer.status == 200, f"at {name}: what was acknowledged is gone:", answer.status, answer.body)
    check(answer.json()["state"] != "refused", answer.body)
    return answer.json() if answer.json()["state"] == "kept" else None


@scenario("One upload, and four at once, are recorded: in which order the server calls")
def nothing_is_answered_before_it_is_synced(extent: Extent) -> str:
    """What SIGKILL can't show, because the kernel keeps what was written: a power cut needs the syncs, in this order."""
    from concurrent.futures import ThreadPoolExecutor

    source = pictures(extent.seed + 2)
    with FaultyServer("order", **QUIET) as server:
        clients = [Client(server).begin() for _ in range(4)]
        server.idle()
        looked = 0
        for at_once in (1, 4):
            before = set(server.files())
            with server.interposer.recording(str(server.data)), ThreadPoolExecutor(at_once) as pool:
                answers = list(pool.map(lambda client: client.upload(next(source)), clients[:at_once]))
            check([answer.status for answer in answers] == [201] * at_once, answers)
            calls = server.interposer.calls()
            answered = min(call.began for call in calls if call.kind == SEND and call.path == f"tcp:{server.port}")
            last_answered = max(call.began for call in calls if call.kind == SEND and call.path == f"tcp:{server.port}")
            log = [call for call in calls if call.path.endswith("lightbox.sqlite-wal")]
            for call in calls:
                if call.kind == RENAME and "/picture-" in call.path:
                    looked += 1
                    synced = [one for one in calls if one.kind == SYNC and one.began > (call.ended or 0)
                              and (one.path == call.path or one.path == call.path.rsplit("/", 1)[0] or one.path.endswith("/files"))]
                    check(synced and synced[0].ended and synced[0].ended < last_answered, "answered before", call.path, "was synced")
                    # Its row is written only when the file is safe.
                    rows = [one for one in log if one.kind == WRITE and one.began > call.began]
                    check(rows and max(one.ended or 0 for one in synced if one.began < rows[-1].began) < rows[-1].began, "the row came before the file")
            commits = [call for call in log if call.kind == SYNC and call.ended]
            check(commits and commits[0].ended < answered, "answered before the commit was synced")
            check(set(server.files()) - before, "nothing was kept")
        return f"{looked} uploads: the picture, its previews and their folder are synced before its row is written, and the row's commit before the first byte of the answer"


# MARK: - What runs


@scenario("SIGKILL in each state of an analysis (waiting, decoding, checking, inferring, explaining) and where it is taken from the queue and its result is kept")
def analysis_killed_in_each_state(extent: Extent) -> str:
    with FaultyServer("analysis-states", **QUIET) as server:
        client = Client(server).begin()
        client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        server.idle()
        first = client.finished(client.analyse(upload)["id"])
        check(first["state"] == "completed", first)
        states = ["inferring"] if extent.quick else ["queued", "decoding", "checking", "inferring", "explaining"]
        # The first sync is that of the request itself.
        keeping = [
            Place(name, Rule(SYNC, "lightbox.sqlite-wal", KILL, first=number, count=1))
            for number, name in ((2, "taking it from the queue"), (3, "keeping its result"))
        ]
        seen, analyses = [], [first["id"]]
        for state in states:
            analysis = client.analyse(upload)["id"]
            analyses.append(analysis)
            if state != "queued":
                reached = next((event["state"] for _, event in client.events(analysis) if event["state"] not in ("queued",) and rank(event["state"]) >= rank(state)), None)
                seen.append(f"{state}" if reached == state else f"{reached} (after {state})")
            else:
                seen.append(state)
            server.kill()
            once(server, client, analyses, seen[-1])
        for place in [] if extent.quick else keeping:
            with server.interposer.rules(place.rule):
                try:
                    analyses.append(client.analyse(upload)["id"])
                    answered = True
                except (http.client.HTTPException, ConnectionError):
                    # It may be taken from the queue before the request is answered; its row was written before that.
                    answered = False
                check(server.wait_for_end(60) == -9)
            seen.append(place.name)
            if not answered:
                server.restart()
                listed = {entry["id"] for entry in client.api("GET", "/analyses").json()["analyses"]}
                check(listed > set(analyses), place.name, "its row is gone")
                analyses += listed - set(analyses)
                server.kill()
            once(server, client, analyses, place.name)
        server.is_sound()
        return f"{len(seen)} kills ({', '.join(seen)}): each analysis resumed and completed once, with the same findings as one that nothing disturbed"


STATES = ["queued", "decoding", "checking", "inferring", "explaining", "completed"]


def rank(state: str) -> int:
    return STATES.index(state)


def once(server: FaultyServer, client: Client, analyses: list[str], name: str) -> None:
    """After a restart each analysis is there once, and has completed with the same result, of which all heat maps can be drawn."""
    server.restart()
    for analysis in analyses:
        finished = client.finished(analysis)
        check(finished["state"] == "completed", name, finished)
    listed = [entry["id"] for entry in client.api("GET", "/analyses").json()["analyses"]]
    check(sorted(listed) == sorted(analyses), name, listed)
    results = [client.api("GET", f"/analyses/{analysis}").json()["result"]["findings"] for analysis in analyses]
    for result in results:
        check([(one["id"], one["probability"]) for one in result] == [(one["id"], one["probability"]) for one in results[0]], name, "another result")
    maps = {analysis: {one["id"] for one in result if "heatmap" in one} for analysis, result in zip(analyses, results)}
    for analysis, findings in maps.items():
        check(findings and findings == maps[analyses[0]], name, "heat maps are missing", analysis, findings)
        for finding in findings:
            check(client.api("GET", f"/analyses/{analysis}/heatmaps/{finding}").status == 200, name, finding)


@scenario("SIGKILL while the language model writes an answer, and after the question was taken but not answered")
def answer_killed_in_the_middle(extent: Extent) -> str:
    from model_server import ModelServer, Script
    from test_conversations import events_of

    with ModelServer() as model, FaultyServer("answer", LIGHTBOX_ASSISTANT_ENDPOINT=model.url, **QUIET) as server:
        client = Client(server).begin()
        conversation = client.api("POST", "/conversations", {}).json()["id"]
        rounds = 1 if extent.quick else 3
        for number in range(rounds):
            model.script = Script(["The model looks at patterns. ", "It "], ending="wait")
            events = events_of(client, "POST", f"/conversations/{conversation}/messages", {"text": "How does the model work?"})
            waited_for = ("writing", "sentence", "question")[number]
            next(event for event in events if event[1] == waited_for or waited_for == "question")
            server.kill()
            model.script.release.set()
            server.restart()
            items = client.api("GET", f"/conversations/{conversation}").json()["items"]
            check(len(items) == 2 * (number + 1), items)
            question, answer = items[-2:]
            check(question["text"] == "How does the model work?" and answer["answer"]["state"] == "interrupted" and answer["answer"]["sentences"], answer)
        model.script = Script(["The model looks at patterns in the picture. "])
        again = client.api("POST", f"/conversations/{conversation}/messages", {"text": "How does the model work?"})
        check(again.status == 200 and again.json()["answer"]["answer"]["state"] == "complete", again.body)
        server.is_sound()
        return f"{rounds} kills: each question stands there once, its answer is marked as interrupted and holds the grounded sentences; the next one is answered"


@scenario("SIGKILL at each kind of call that the making of a report makes")
def report_killed_at_each_call(extent: Extent) -> str:
    with FaultyServer("report-calls", **QUIET) as server:
        client = Client(server).begin()
        client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        analysis = client.finished(client.analyse(upload)["id"])["id"]
        server.idle()
        found = places(server, lambda: client.reported(analysis), lambda text: "audit" not in text)
        found = [place for place in found if place.name != "answer"]
        found = chosen(found, extent, {"sync lightbox.sqlite-wal"})
        struck, answered = [], 0
        for place in found:
            accepted: list[str] = []

            def work() -> None:
                answer = client.api("POST", "/reports", {"analysisId": analysis, "audience": "clinician"}, timeout=20)
                if answer.status in (201, 202):
                    accepted.append(answer.json()["id"])
                    until(lambda: server.process.poll() is not None or client.api("GET", f"/reports/{accepted[0]}").json()["state"] != "making", 20)

            if not killed(server, place, work):
                continue
            struck.append(place.name)
            answered += len(accepted)
            server.restart()
            reports = client.api("GET", "/reports").json()["reports"]
            check(set(accepted) <= {report["id"] for report in reports}, place.name, "an answered report is gone")
            for report in reports:
                ready = until(lambda: (lambda now: now if now["state"] != "making" else None)(client.api("GET", f"/reports/{report['id']}").json()))
                check(ready["state"] == "ready", place.name, ready)
                document = client.ask("GET", ready["document"])
                check(document.status == 200 and document.body.startswith(b"%PDF") and b"%%EOF" in document.body[-1024:], place.name)
            for report in reports[:-1] if len(reports) > 20 else []:
                client.api("DELETE", f"/reports/{report['id']}")
        check(struck and len(struck) >= len(found) - 3, struck)
        server.is_sound()
        return f"{len(struck)} kills ({', '.join(dict.fromkeys(struck))}), {answered} of them after the answer: every report that was answered is ready after the start, with a whole PDF; none hangs"


# MARK: - What ends


@scenario("SIGKILL at each kind of call that erasing a session makes")
def erasure_killed_at_each_call(extent: Extent) -> str:
    source = pictures(extent.seed + 3)
    with FaultyServer("erasure-calls", **QUIET) as server:
        def filled() -> tuple[Client, str]:
            client = Client(server).begin()
            for _ in range(2):
                check(client.upload(next(source)).status == 201)
            return client, client.api("GET", "/session").json()["id"]

        server.idle()
        client, _ = filled()
        found = places(server, lambda: client.api("DELETE", "/session"))
        other, other_id = filled()
        found = chosen(found, extent, {"remove picture"})
        struck, erased, whole = [], 0, 0
        for place in found:
            client, session = filled()
            if not killed(server, place, lambda: client.api("DELETE", "/session")):
                continue
            struck.append(place.name)
            server.restart()
            folder = server.data / "files" / session
            if client.api("GET", "/session").status == 200:
                # Nothing of it was done: it can be asked for again.
                whole += 1
                check(len(client.api("GET", "/uploads").json()["uploads"]) == 2, place.name)
                check(client.api("DELETE", "/session").status == 200, place.name)
            else:
                erased += 1
            check(not folder.exists(), place.name, "files are left")
            check(len(other.api("GET", "/uploads").json()["uploads"]) == 2, place.name, "another session's pictures are gone")
        check(struck and len(struck) >= len(found) - 3 and erased, struck, erased)
        server.is_sound()
        return (f"{len(struck)} kills ({', '.join(dict.fromkeys(struck))}): after the start the session is erased with all of its files ({erased}), or as it was and erased when asked again ({whole}); "
                "other sessions are untouched")


@scenario("SIGKILL at each kind of call that `lightbox keys rotate` makes")
def key_exchange_killed_at_each_call(extent: Extent) -> str:
    with FaultyServer("key-calls", **QUIET) as server, temporary("keys") as folder:
        ledger = Ledger(Client(server).begin())
        ledger.client.api("PATCH", "/intake", {"answers": {"age": 54}})
        ledger.upload(next(pictures(extent.seed + 4)))
        check(server.stop() == 0)
        interposer = Interposer(Path(folder))

        def rotate() -> int:
            return subprocess.run([str(server.program), "keys", "rotate"], env=server.plain | interposer.environment, cwd=server.folder.name,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60).returncode

        with interposer.recording(str(server.data)):
            check(rotate() == 0)
        calls = [call for call in interposer.calls() if call.kind & CHANGES]
        check(len(calls) > 5, calls)
        struck = []
        for number in range(1, len(calls) + 1):
            with interposer.rules(Rule(CHANGES, str(server.data), KILL, first=number, count=1)):
                status = rotate()
            if status != -9:
                check(status == 0, status)
                continue
            struck.append(kind(calls[number - 1], server.data))
            found = server.command("keys", "check")
            check(found.returncode == 0, f"at call {number} ({struck[-1]}):", found.stdout, found.stderr)
        check(len(struck) >= 5, struck)
        server.start()
        check(ledger.client.api("GET", "/intake").json()["answers"] == {"age": 54})
        ledger.settle()
        server.is_sound()
        return f"{len(struck)} kills, one at each call ({', '.join(dict.fromkeys(struck))}): each time one of the two keys opens everything, and the server reads all as before"


# MARK: - Twice


@scenario("SIGKILL after the commit of an upload that came with an Idempotency-Key, and the same request again")
def the_same_upload_again_after_a_kill(extent: Extent) -> str:
    source = pictures(extent.seed + 5)
    with FaultyServer("again", **QUIET) as server:
        ledger = Ledger(Client(server).begin())
        server.idle()
        picture, key = next(source), str(uuid.uuid4())
        place = Place("answer", Rule(SEND, f"tcp:{server.port}", KILL, count=1))
        check(killed(server, place, lambda: ledger.upload(picture, **{"Idempotency-Key": key})))
        server.restart()
        answer = ledger.upload(picture, **{"Idempotency-Key": key})
        check(answer is not None and answer.status == 201, answer)
        kept, more = ledger.settle()
        check((kept, more) == (1, 0), f"{kept + more} pictures")
        check(answer.headers.get("idempotent-replayed") == "true")
        return "the answer that got lost is given, marked as replayed; the picture is there once"


@dataclasses.dataclass(frozen=True)
class Keyed:
    """A request that makes something under a key."""

    name: str
    status: tuple[int, ...]
    send: Callable[[dict[str, str]], object]
    # The ids of what there is of its kind.
    there: Callable[[], set[str]]
    made: Callable[[object], set[str]]
    # Where nothing new comes of it, it is done by hand before each kill.
    prepare: Callable[[], None] = lambda: None
    # Where what it makes was there before: whether it has been done.
    is_done: Callable[[], bool] | None = None


def keyed(client: Client, source: pictures, film: str | None, quick: bool) -> list[Keyed]:
    """One of every kind. Each is sent with the same body until it is prepared anew."""
    state: dict = {}
    begun = client.api("POST", "/conversations", {"title": "One"}).json()["id"]
    client.api("POST", f"/conversations/{begun}/messages", {"text": "What is a CT?"})

    def post(path: str, value, headers: dict[str, str]):
        return client.ask("POST", f"/api/v1{path}", json.dumps(value), {"Content-Type": "application/json", **headers})

    def listed(name: str) -> Callable[[], set[str]]:
        return lambda: {one["id"] for one in client.api("GET", f"/{name}").json()[name]}

    def id_of(answer) -> set[str]:
        return {answer.json()["id"]}

    def another_picture() -> None:
        state["picture"] = next(source)

    def another_archive() -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for number in range(3):
                archive.writestr(f"{number}.png", next(source))
                archive.writestr(f"{number}.txt", b"no picture")
        state["archive"] = out.getvalue()

    def messages() -> set[str]:
        return {item["id"] for item in client.api("GET", f"/conversations/{begun}").json()["items"] if item.get("answer")}

    def said(answer) -> set[str]:
        return {answer.json()["answer"]["id"]}

    def receptions() -> set[str]:
        return {one["id"] for one in client.api("GET", "/uploads/tus").json()["receptions"]}

    def cancelled() -> None:
        state["again"] = client.analyse(film)["id"]
        check(client.api("POST", f"/analyses/{state['again']}/cancel").status == 200)

    kinds = [
        Keyed("conversation", (201,), lambda headers: post("/conversations", {"title": "Another"}, headers), listed("conversations"), id_of),
        Keyed("archive", (201,), lambda headers: client.upload(state["archive"], "application/zip", **headers), listed("uploads"),
              lambda answer: {upload["id"] for upload in answer.json()["uploads"]}, another_archive),
    ]
    if quick or film is None:
        return kinds
    return kinds + [
        Keyed("upload", (201,), lambda headers: client.upload(state["picture"], "image/png", **headers), listed("uploads"), id_of, another_picture),
        Keyed("parts", (201,), lambda headers: client.ask("POST", "/api/v1/uploads/tus", headers={**TUS, "Upload-Length": "1000", **headers}), receptions,
              lambda answer: {answer.headers["location"].rsplit("/", 1)[1]}),
        Keyed("question", (200,), lambda headers: post(f"/conversations/{begun}/messages", {"text": "What is a CT?"}, headers), messages, said),
        # The answer that it takes the place of goes with the same commit.
        Keyed("another answer", (200,), lambda headers: client.ask("POST", f"/api/v1/conversations/{begun}/regenerate", headers=headers), messages, said),
        Keyed("analysis", (202,), lambda headers: post("/analyses", {"uploadId": film, "confirmedDifferences": ["birth-date"]}, headers), listed("analyses"), id_of),
        Keyed("trying again", (202,), lambda headers: client.ask("POST", f"/api/v1/analyses/{state['again']}/retry", headers=headers), listed("analyses"), id_of, cancelled,
              lambda: client.api("GET", f"/analyses/{state['again']}").json()["state"] != "cancelled"),
        Keyed("report", (201, 202), lambda headers: post("/reports", {"analysisId": state["analysis"], "audience": "patient"}, headers), listed("reports"), id_of,
              lambda: state.setdefault("analysis", client.finished(client.analyse(film)["id"])["id"])),
    ]


def killed_at_each_commit(extent: Extent) -> str:
    source = pictures(extent.seed + 7)
    with FaultyServer("again-each", **QUIET) as server:
        client = Client(server).begin()
        client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        film = None if extent.quick else client.upload(sample_film().read_bytes()).json()["id"]
        server.idle()
        kills, counted = 0, []
        for kind in keyed(client, source, film, extent.quick):
            there_first = 0
            # Killed at its sync, a commit is there all the same: what was written stays with the kernel. So the first is
            # the booking of the key, then comes what is made, at last the answer.
            for number in range(1, 7):
                kind.prepare()
                headers = {"Idempotency-Key": str(uuid.uuid4())}
                before = kind.there()
                place = Place("sync", Rule(SYNC, "lightbox.sqlite-wal", KILL, first=number, count=1))
                if not killed(server, place, lambda: kind.send(headers)):
                    break
                kills += 1
                server.restart()
                found = kind.there() - before
                is_done = kind.is_done() if kind.is_done else bool(found)
                answer = kind.send(headers)
                check(answer.status in kind.status, kind.name, number, answer.status, answer.body)
                made = kind.made(answer)
                check(found <= made, kind.name, number, found, "was there, and not answered with:", made)
                check(kind.is_done or made == kind.there() - before, kind.name, number, "made", kind.there() - before, "answered", made)
                check(kind.name != "archive" or len(made) == 3, made)
                if is_done and kind.name != "archive":
                    check(answer.headers.get("idempotent-replayed") == "true", kind.name, number, "was there before")
                there_first += is_done
                again = kind.send(headers)
                check((again.status, kind.made(again)) == (answer.status, made) and again.headers.get("idempotent-replayed") == "true", kind.name, again)
            # One of them between the commit of what is made and that of its answer.
            check(there_first >= 2, kind.name, f"was there after {there_first} kills")
            counted.append(f"{kind.name} {there_first}")
        server.is_sound()
        return f"{kills} more kills: each time the thing is there once and answered for. It was there before the request came again after so many of them: {', '.join(counted)}"


@scenario("SIGKILL between the commit of an upload that came with an Idempotency-Key and that of its answer; and at each sync of the database that such a request waits for, whether it uploads "
          "(a picture, an archive, in parts), begins a conversation, asks, asks for another answer, for an analysis, for another try of one, or for a report; and the same request again")
def the_same_upload_again_after_a_kill_before_its_answer_was_stored(extent: Extent) -> str:
    source = pictures(extent.seed + 6)
    with FaultyServer("again-early", **QUIET) as server:
        ledger = Ledger(Client(server).begin())
        server.idle()
        ledger.upload(next(source), **{"Idempotency-Key": str(uuid.uuid4())})
        picture, key = next(source), str(uuid.uuid4())
        with server.interposer.recording(str(server.data)):
            ledger.upload(next(source), **{"Idempotency-Key": str(uuid.uuid4())})
        calls = server.interposer.calls()
        log = [call for call in calls if call.path.endswith("lightbox.sqlite-wal")]
        named = max(call.began for call in calls if call.kind == RENAME and "/picture-" in call.path)
        row = next(call for call in log if call.kind == SYNC and call.began > named)
        writes = [call for call in log if call.kind == WRITE]
        # Killed at its sync, the answer would be there: what was written stays with the kernel.
        first = next((number for number, call in enumerate(writes, 1) if call.began > row.began), None)
        check(first is not None, "the row and the answer are one commit")
        place = Place("write", Rule(WRITE, "lightbox.sqlite-wal", KILL, first=first, count=1))
        check(killed(server, place, lambda: ledger.upload(picture, **{"Idempotency-Key": key})))
        server.restart()
        answer = ledger.upload(picture, **{"Idempotency-Key": key})
        check(answer is not None and answer.status == 201, answer)
        pictures_there = [upload for upload in ledger.client.api("GET", "/uploads").json()["uploads"] if upload["sha256"] == answer.json()["sha256"]]
        check(len(pictures_there) == 1, f"the picture is there {len(pictures_there)} times")
    return f"the picture is there once; {killed_at_each_commit(extent)}"
