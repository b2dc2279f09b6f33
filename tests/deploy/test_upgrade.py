"""Production, upgrade and rollback with the real program."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from deployment import Client, Server, data, lightbox, png


class Production(unittest.TestCase):
    def setUp(self):
        self.server = Server("production", LIGHTBOX_ENVIRONMENT="production", LIGHTBOX_KEYS_MASTER_FILE="", LIGHTBOX_OPERATOR_HOST="0.0.0.0",
                             LIGHTBOX_OPERATOR_TOKEN_FILE="", LIGHTBOX_HTTP_SECURE="false", LIGHTBOX_LOG_LEVEL="debug", LIGHTBOX_AUDIT_KEEP_DAYS="30",
                             LIGHTBOX_LIMITS_RATE_PERCENT="0", LIGHTBOX_LIMITS_UNLIMITED_ADDRESSES="0.0.0.0/0", LIGHTBOX_TRACES_OTLP_ENDPOINT="http://192.0.2.1:4318")
        self.addCleanup(self.server.folder.cleanup)

    settings = ("http.secure", "operator.host", "keys.master-file", "log.level", "audit.keep-days", "limits.rate-percent",
                "limits.unlimited-addresses", "traces.otlp-endpoint")

    def test_it_refuses_unsafe_settings_and_lists_all_of_them(self):
        done = lightbox(self.server, "serve")
        self.assertEqual(done.returncode, 78, done.stderr)
        for setting in self.settings:
            self.assertRegex(done.stderr, rf"(?m)^  - {setting}: \S.*\. \S")
        self.assertEqual("  - user:" in done.stderr, os.geteuid() == 0)
        self.assertFalse(data(self.server).exists(), "nothing is made before the settings are safe")

    def test_the_doctor_shows_the_same_list(self):
        refused = lightbox(self.server, "serve").stderr
        done = lightbox(self.server, "doctor")
        self.assertEqual(done.returncode, 69)
        for line in refused.splitlines()[1:]:
            setting, rest = line.removeprefix("  - ").split(": ", 1)
            self.assertRegex(done.stdout, rf"MISSING  safe for production: {setting}: {rest.split('. ')[0][:30]}")
        self.server.environment["LIGHTBOX_ENVIRONMENT"] = "development"
        self.assertRegex(lightbox(self.server, "doctor").stdout, r"optional safe for production: http.secure")


class Schema(unittest.TestCase):
    def test_a_newer_database_is_refused_in_a_sentence_and_left_alone(self):
        with Server("newer") as server:
            client = Client(server).begin()
            self.assertEqual(client.upload(png(200, 240)).status, 201)
            server.stop()
            path = data(server) / "lightbox.sqlite"
            with sqlite3.connect(path) as database:
                database.execute("INSERT INTO grdb_migrations VALUES ('99: of the future')")
            with self.assertRaises(RuntimeError) as raised:
                server.start()
            self.assertIn("the database was written by a newer Lightbox (99: of the future)", str(raised.exception))
            check = lightbox(server, "migrate", "--check")
            self.assertEqual(check.returncode, 69)
            self.assertIn("unknown  99: of the future", check.stdout)
            self.assertEqual(list(data(server).glob("*.before-migration-*")), [])
            with sqlite3.connect(path) as database:
                database.execute("DELETE FROM grdb_migrations WHERE identifier LIKE '99%'")
            server.start()
            self.assertEqual(client.api("GET", "/session").status, 200)

    def test_an_older_database_is_copied_and_the_way_back_works(self):
        with Server("older") as server:
            client = Client(server).begin()
            client.api("PATCH", "/intake", {"answers": {"age": 54}})
            server.stop()
            path = data(server) / "lightbox.sqlite"
            with sqlite3.connect(path) as database:
                last = database.execute("SELECT identifier FROM grdb_migrations ORDER BY rowid DESC LIMIT 1").fetchone()[0]
            before = self.make_older(server)
            check = lightbox(server, "migrate", "--check")
            self.assertEqual(check.returncode, 1, check.stderr)
            self.assertIn(f"pending  {last}", check.stdout)
            server.start()
            copies = list(data(server).glob("lightbox.before-migration-*.sqlite"))
            self.assertEqual(len(copies), 1)
            self.assertEqual(lightbox(server, "migrate", "--check").returncode, 0)
            self.assertEqual(client.api("GET", "/session").status, 200)

            # Back, as docs/operations.md says.
            server.stop()
            for name in ("lightbox.sqlite", "lightbox.sqlite-wal", "lightbox.sqlite-shm"):
                (data(server) / name).unlink(missing_ok=True)
            shutil.copy(copies[0], path)
            with sqlite3.connect(path) as database:
                self.assertEqual(self.dump(database), before)
            server.start()
            self.assertEqual(client.api("GET", "/intake").json()["answers"]["age"], 54)

            # Copies go when their time is over.
            server.stop()
            old = time.time() - 8 * 86_400
            os.utime(copies[0], (old, old))
            server.start()
            deadline = time.monotonic() + 20
            while copies[0].exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertFalse(copies[0].exists())

    def make_older(self, server: Server) -> list[str]:
        """Makes the database one of the first migrations, by the rows that those had: as an older program left it."""
        path = data(server) / "lightbox.sqlite"
        with sqlite3.connect(path) as database:
            sessions = database.execute(
                "SELECT id, token_hash, created_at, last_seen_at, consent_version, consent_at, wrapped_key FROM sessions").fetchall()
            proof = database.execute("SELECT proof FROM master_key_proof").fetchone()[0]
        for name in ("lightbox.sqlite", "lightbox.sqlite-wal", "lightbox.sqlite-shm"):
            (data(server) / name).unlink(missing_ok=True)
        sources = (Path(__file__).resolve().parents[2] / "server/Sources/SQLiteStore/Schema.swift").read_text()
        steps = sources.split('registerMigration("')[1:4]
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            for step in steps:
                database.executescript(step.split('sql: """')[1].split('""")')[0])
                database.execute("INSERT INTO grdb_migrations VALUES (?)", (step.split('"')[0],))
            database.executemany(
                "INSERT INTO sessions (id, token_hash, created_at, last_seen_at, consent_version, consent_at, wrapped_key) VALUES (?,?,?,?,?,?,?)", sessions)
            # As that program wrote it: readable.
            database.execute("INSERT INTO intakes VALUES (?, '{\"age\":54}', 1, 1)", sessions[0][:1])
            database.execute("INSERT INTO master_key_proof VALUES (1, ?)", (proof,))
            database.commit()
            return self.dump(database)

    def dump(self, database: sqlite3.Connection) -> list[str]:
        return sorted(database.iterdump())


if __name__ == "__main__":
    unittest.main()
