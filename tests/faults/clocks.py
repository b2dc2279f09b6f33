"""The clock on the wall jumps."""

import email.utils
import sqlite3
import time

from rig import Client, Extent, FaultyServer, Ledger, check, pictures, scenario, until

DAY = 86_400


@scenario("The wall clock of the running server jumps a day ahead, then two days back (all that asks for the time of day is told another one; the monotonic clocks go on); "
          "it is restarted while the clock is a day behind")
def clock_jumps(extent: Extent) -> str:
    from model_server import ModelServer, Script

    source = pictures(extent.seed + 20)
    with ModelServer() as model, FaultyServer(
            "clock", LIGHTBOX_SESSION_IDLE_TIMEOUT="60", LIGHTBOX_SESSION_ABSOLUTE_TIMEOUT="3600", LIGHTBOX_ASSISTANT_ENDPOINT=model.url,
            LIGHTBOX_ASSISTANT_FIRST_TOKEN_TIMEOUT="2", LIGHTBOX_ASSISTANT_TIMEOUT="6") as server:
        wall = server.interposer
        server.idle()
        ledger, left = Ledger(Client(server).begin()), Client(server).begin()
        ledger.upload(next(source))
        opened = time.monotonic()
        state = ledger.client.api("GET", "/session").json()
        end = state["absoluteExpiresAt"]
        seen = []
        for jump in (DAY, -DAY):
            wall.put_clock(jump)
            shown = until(lambda: told(server, jump))
            seen.append(f"{shown / 3600:+.1f} h")
            check(ledger.client.api("GET", "/session").status == 200, "the jump ended the session")
            now = ledger.client.api("GET", "/session").json()
            check(now["absoluteExpiresAt"] == end and now["idleExpiresAt"] <= end, "the session was lengthened", state, now)
            check(ledger.upload(next(source)).status == 201)
        # A deadline that runs while the clock jumps.
        model.script = Script(ending="wait")
        conversation = ledger.client.api("POST", "/conversations", {}).json()["id"]
        began = time.monotonic()
        wall.put_clock(DAY)
        answer = ledger.client.api("POST", f"/conversations/{conversation}/messages", {"text": "How does the model work?"}).json()["answer"]["answer"]
        waited = time.monotonic() - began
        model.script.release.set()
        check(answer.get("fallback") == "silent" and 1.5 < waited < 8, answer.get("fallback"), waited)
        wall.put_clock(-DAY)
        began = time.monotonic()
        check(server.stop() == 0)
        server.start()
        # Time that went on from the last use, while the clock stood behind, lacks at most what was between the two.
        lacking = time.monotonic() - began + 10
        server.idle()
        ledger.settle()
        check("clock was put back" in server.log.read_text(), "it doesn't say that the clock was put back")
        over = None
        if not extent.quick:
            # The other session did nothing since it was opened; by the clock on the wall it has a day left.
            until(lambda: time.monotonic() - opened > 60 + lacking, 240)
            over = left.api("GET", "/session").status
            check(over == 401, "a session that nobody used is open after its time, because the clock was put back", over)
        numbers = lines(server)
        check(numbers == list(range(numbers[0], numbers[0] + len(numbers))), "the trail has a gap")
        server.is_sound()
        tail = "" if over is None else f"; a session that nobody used was over after its 60 s (looked at {60 + lacking:.0f} s after it was opened)"
        return (f"seen from outside the clock stood at {' and '.join(seen)}: sessions neither ended nor lengthened, uploads went on; a model that said nothing was given up after {waited:.1f} s "
                f"(2 s are set) though a day passed; restarted a day back it says so and goes on from the last use{tail}; {len(numbers)} lines of the trail, in order and proven")


def told(server: FaultyServer, jump: int) -> float | None:
    """By how much the server's `Date` is off, once it is."""
    answer = Client(server).ask("GET", "/health/live")
    off = email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time() if "date" in answer.headers else wall_of_log(server)
    return off if off is not None and abs(off - jump) < 60 else None


def wall_of_log(server: FaultyServer) -> float | None:
    """The same by the last line that it logged."""
    import datetime

    stamped = [line["time"] for line in server.log_lines()[-20:] if "time" in line]
    return datetime.datetime.fromisoformat(str(stamped[-1])).timestamp() - time.time() if stamped else None


def lines(server: FaultyServer) -> list[int]:
    database = sqlite3.connect(f"file:{server.data / 'audit.sqlite'}?mode=ro", uri=True)
    try:
        return [row[0] for row in database.execute("SELECT number FROM lines ORDER BY number")]
    finally:
        database.close()
