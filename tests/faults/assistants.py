"""A language model that is dead, refuses, says nothing, says nonsense, stops in the middle, or never stops."""

import time
from concurrent.futures import ThreadPoolExecutor

from rig import Client, Extent, FaultyServer, check, free_port, sample_film, scenario, spread, until

QUESTION = "How does the model work?"


@scenario("A server in the language model's place does each of these: closed port, status 500, silence, HTML, half an answer, the same for ever; "
          "an analysis and a report run at the same time")
def language_model_misbehaves(extent: Extent) -> str:
    from model_server import ModelServer, Script

    silent, whole = (1, 6) if extent.quick else (10, 20)
    good = ["The model ", "looks at patterns ", "in the picture. ", "It was trained ", "with many pictures."]
    scripts = {
        "refused": lambda: Script(status=500, raw=b"oops"),
        "silent": lambda: Script(ending="wait"),
        "garbled": lambda: Script(raw=b"<html>hello</html>\n\n"),
        "cut-off": lambda: Script(good[:2], ending="cut"),
        "looping": lambda: Script(["The same again. "], ending="forever"),
    }
    with ModelServer() as model, FaultyServer(
            "assistant", LIGHTBOX_ASSISTANT_ENDPOINT=model.url, LIGHTBOX_ASSISTANT_SLOTS="4", LIGHTBOX_ASSISTANT_FIRST_TOKEN_TIMEOUT=str(silent),
            LIGHTBOX_ASSISTANT_TIMEOUT=str(whole), LIGHTBOX_LOG_LEVEL="notice") as server, ThreadPoolExecutor(2) as pool:
        client = Client(server).begin()
        client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        upload = client.upload(sample_film().read_bytes()).json()["id"]
        conversation = client.api("POST", "/conversations", {}).json()["id"]
        server.idle()

        def analysed() -> float:
            began = time.monotonic()
            analysis = client.finished(client.analyse(upload)["id"])
            check(analysis["state"] == "completed", analysis)
            report = client.reported(analysis["id"])
            check(client.ask("GET", report["document"]).status == 200)
            return time.monotonic() - began

        def ask() -> tuple[float, dict]:
            began = time.monotonic()
            answer = client.api("POST", f"/conversations/{conversation}/messages", {"text": QUESTION}, timeout=90)
            check(answer.status == 200, answer.status, answer.body)
            return time.monotonic() - began, answer.json()["answer"]["answer"]

        undisturbed = [analysed() for _ in range(2)]
        disturbed, seen = [], []
        for cause, script in scripts.items():
            if extent.quick and cause not in ("refused", "silent"):
                continue
            model.script = Script(good)
            until(lambda: ask()[1]["speaker"]["kind"] == "model", 90)
            model.script = script()
            beside = pool.submit(analysed)
            seconds, answer = ask()
            model.script.release.set()
            disturbed.append(beside.result())
            check((answer["speaker"], answer["fallback"], answer["state"]) == ({"kind": "library"}, cause, "complete"), cause, answer)
            check(answer["sentences"] and all(sentence["evidence"] for sentence in answer["sentences"]), cause, answer)
            check(seconds < silent + 3 if cause == "silent" else seconds < whole + 3, cause, seconds)
            seen.append(f"{cause} after {seconds:.1f} s")
        # Shut after failures, each of which may be as quick as what isn't asked: nobody waits for it again.
        model.script = Script(status=500, raw=b"oops")
        shut = until(lambda: next((seconds for seconds, answer in [ask()] if answer.get("fallback") == "busy"), None), 60)
        asked = len(model.requests)
        seconds = [ask()[0] for _ in range(5)]
        check(max(seconds) < 2 and len(model.requests) - asked <= 1, seconds, len(model.requests) - asked)
    with FaultyServer("assistant-dead", LIGHTBOX_ASSISTANT_ENDPOINT=f"http://127.0.0.1:{free_port()}", LIGHTBOX_LOG_LEVEL="notice") as server:
        client = Client(server).begin()
        conversation = client.api("POST", "/conversations", {}).json()["id"]
        began = time.monotonic()
        answer = client.api("POST", f"/conversations/{conversation}/messages", {"text": QUESTION}).json()["answer"]["answer"]
        dead = time.monotonic() - began
        check(answer["fallback"] in ("unreachable", "busy") and answer["sentences"], answer)
        check(dead < 3, dead)
    return (f"the grounded answer each time, with its cause: {', '.join(seen)}, no server there after {dead * 1000:.0f} ms (deadlines: {silent} s between words, {whole} s in all). "
            f"After failures it isn't asked any more: five questions in {spread(seconds, 'ms')} with {len(model.requests) - asked} requests (it took {shut * 1000:.0f} ms to tell). "
            f"Analysis and report beside it: {spread(disturbed)}, undisturbed {spread(undisturbed)}")
