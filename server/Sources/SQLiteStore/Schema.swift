import Domain
import GRDB
import Workflows

/// The tables, and how they came about. A migration that was released is never changed.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: sessions, studies, reports") { database in
            try database.execute(
                sql: """
                    CREATE TABLE sessions (
                        id TEXT PRIMARY KEY NOT NULL,
                        token_hash BLOB NOT NULL UNIQUE,
                        created_at REAL NOT NULL,
                        last_seen_at REAL NOT NULL,
                        consent_version TEXT NOT NULL,
                        consent_at REAL NOT NULL
                    ) STRICT;
                    CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);
                    CREATE INDEX sessions_by_creation ON sessions (created_at);

                    CREATE TABLE intakes (
                        session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        answers TEXT NOT NULL,
                        revision INTEGER NOT NULL,
                        updated_at REAL NOT NULL
                    ) STRICT;

                    CREATE TABLE uploads (
                        id TEXT PRIMARY KEY NOT NULL,
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        file_name TEXT NOT NULL,
                        bytes INTEGER NOT NULL,
                        sha256 TEXT NOT NULL,
                        inspection TEXT NOT NULL,
                        created_at REAL NOT NULL
                    ) STRICT;
                    CREATE INDEX uploads_by_session ON uploads (session_id, created_at);

                    CREATE TABLE analyses (
                        id TEXT PRIMARY KEY NOT NULL,
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
                        state TEXT NOT NULL,
                        attempt INTEGER NOT NULL,
                        revision INTEGER NOT NULL,
                        queued_at REAL NOT NULL,
                        created_at REAL NOT NULL,
                        updated_at REAL NOT NULL,
                        outcome TEXT
                    ) STRICT;
                    CREATE INDEX analyses_by_session ON analyses (session_id, created_at);
                    CREATE INDEX analyses_by_upload ON analyses (upload_id);
                    CREATE INDEX analyses_waiting ON analyses (queued_at, id) WHERE state = 'queued';
                    CREATE INDEX analyses_running ON analyses (queued_at) WHERE state = 'decoding';

                    CREATE TABLE reports (
                        id TEXT PRIMARY KEY NOT NULL,
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        analysis_id TEXT NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
                        audience TEXT NOT NULL,
                        file_name TEXT NOT NULL,
                        bytes INTEGER NOT NULL,
                        sha256 TEXT NOT NULL,
                        created_at REAL NOT NULL
                    ) STRICT;
                    CREATE INDEX reports_by_session ON reports (session_id, created_at);
                    CREATE INDEX reports_by_analysis ON reports (analysis_id);

                    CREATE TABLE heartbeat (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL) STRICT;
                    INSERT INTO heartbeat VALUES (1, 0);
                    """)
        }
        migrator.registerMigration("2: urgency, withheld answers, confirmed differences") { database in
            try database.execute(
                sql: """
                    CREATE TABLE session_notes (
                        session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        acuity TEXT NOT NULL DEFAULT '{"reasons":[]}',
                        withheld TEXT NOT NULL DEFAULT '[]',
                        drafts TEXT NOT NULL DEFAULT '[]'
                    ) STRICT;
                    ALTER TABLE analyses ADD COLUMN confirmed_differences TEXT NOT NULL DEFAULT '[]';
                    """)
        }
        migrator.registerMigration("3: keys, uploads in parts, frames, letters in pictures") { database in
            try database.execute(
                sql: """
                    -- A session from before gets its key when one is needed. Its files aren't sealed, so they can't be read
                    -- any more; its history and its results are as they were.
                    ALTER TABLE sessions ADD COLUMN wrapped_key BLOB NOT NULL DEFAULT x'';
                    CREATE TABLE master_key_proof (id INTEGER PRIMARY KEY CHECK (id = 1), proof BLOB NOT NULL) STRICT;

                    ALTER TABLE uploads ADD COLUMN burned_in TEXT;
                    CREATE INDEX uploads_without_text ON uploads (created_at) WHERE burned_in IS NULL;
                    ALTER TABLE analyses ADD COLUMN frame INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE analyses ADD COLUMN adjustment TEXT;

                    CREATE TABLE receptions (
                        id TEXT PRIMARY KEY NOT NULL,
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        file_name TEXT NOT NULL,
                        length INTEGER NOT NULL,
                        created_at REAL NOT NULL,
                        expires_at REAL NOT NULL,
                        state TEXT NOT NULL,
                        outcome TEXT
                    ) STRICT;
                    CREATE INDEX receptions_by_session ON receptions (session_id, created_at);
                    CREATE INDEX receptions_by_expiry ON receptions (expires_at);

                    CREATE TABLE idempotency_keys (
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        key TEXT NOT NULL,
                        fingerprint TEXT NOT NULL,
                        answer TEXT,
                        created_at REAL NOT NULL,
                        PRIMARY KEY (session_id, key)
                    ) STRICT;
                    """)
        }
        migrator.registerMigration("4: conversations") { database in
            try database.execute(
                sql: """
                    CREATE TABLE conversations (
                        id TEXT PRIMARY KEY NOT NULL,
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        title TEXT NOT NULL,
                        created_at REAL NOT NULL,
                        updated_at REAL NOT NULL
                    ) STRICT;
                    CREATE INDEX conversations_by_session ON conversations (session_id, updated_at);

                    CREATE TABLE messages (
                        id TEXT PRIMARY KEY NOT NULL,
                        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
                        number INTEGER NOT NULL,
                        created_at REAL NOT NULL,
                        -- Of an answer; NULL for a question.
                        state TEXT,
                        content TEXT NOT NULL,
                        UNIQUE (conversation_id, number)
                    ) STRICT;
                    CREATE INDEX messages_being_written ON messages (state) WHERE state = 'writing';
                    """)
        }
        migrator.registerMigration("5: reports") { database in
            try database.execute(
                sql: """
                    CREATE TABLE reports_with_states (
                        id TEXT PRIMARY KEY NOT NULL,
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        analysis_id TEXT NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
                        options TEXT NOT NULL,
                        file_stem TEXT NOT NULL,
                        state TEXT NOT NULL,
                        attempt INTEGER NOT NULL,
                        revision INTEGER NOT NULL,
                        failure TEXT,
                        created_at REAL NOT NULL,
                        updated_at REAL NOT NULL
                    ) STRICT;
                    -- One from before has its PDF and nothing to make other documents from.
                    INSERT INTO reports_with_states
                        SELECT id, session_id, analysis_id,
                            json_object('audience', audience, 'paper', 'a4', 'conversations', json('[]'),
                                'namesFile', json('false')),
                            substr(file_name, 1, length(file_name) - 4), 'ready', 1, 1, NULL, created_at, created_at
                        FROM reports;
                    CREATE TABLE report_documents (
                        report_id TEXT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
                        format TEXT NOT NULL,
                        edition TEXT NOT NULL,
                        bytes INTEGER NOT NULL,
                        sha256 TEXT NOT NULL,
                        made_at REAL NOT NULL,
                        PRIMARY KEY (report_id, format, edition)
                    ) STRICT;
                    INSERT INTO report_documents SELECT id, 'pdf', '', bytes, sha256, created_at FROM reports;
                    DROP TABLE reports;
                    ALTER TABLE reports_with_states RENAME TO reports;
                    CREATE INDEX reports_by_session ON reports (session_id, created_at);
                    CREATE INDEX reports_by_analysis ON reports (analysis_id);
                    CREATE INDEX reports_being_made ON reports (created_at) WHERE state = 'making';
                    """)
        }
        migrator.registerMigration("6: readings and withdrawals") { database in
            try database.execute(
                sql: """
                    -- Seconds that findings are held back at most until a reading is recorded; NULL: not at all.
                    ALTER TABLE analyses ADD COLUMN blind_seconds REAL;
                    -- Why they aren't any more, and since when.
                    ALTER TABLE analyses ADD COLUMN blind_ending TEXT;
                    ALTER TABLE analyses ADD COLUMN blind_ended_at REAL;
                    CREATE INDEX analyses_held_back ON analyses (updated_at)
                        WHERE blind_seconds IS NOT NULL AND blind_ending IS NULL;

                    CREATE TABLE readings (
                        analysis_id TEXT PRIMARY KEY NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
                        clinician TEXT NOT NULL,
                        text TEXT NOT NULL,
                        recorded_at REAL NOT NULL,
                        is_blind INTEGER NOT NULL
                    ) STRICT;

                    -- What held-back findings ask for, by analysis. No reference: it outlives a picture that is removed.
                    ALTER TABLE session_notes ADD COLUMN held TEXT NOT NULL DEFAULT '{}';

                    CREATE TABLE model_withdrawals (
                        model TEXT NOT NULL,
                        version TEXT NOT NULL,
                        reason TEXT NOT NULL,
                        withdrawn_by TEXT NOT NULL,
                        withdrawn_at REAL NOT NULL,
                        PRIMARY KEY (model, version)
                    ) STRICT;
                    """)
        }
        registerSealedRows(in: &migrator)
        migrator.registerMigration("8: operators") { database in
            try database.execute(
                sql: """
                    -- What operators and the audit trail call a session.
                    CREATE TABLE session_names (
                        session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        pseudonym TEXT NOT NULL UNIQUE
                    ) STRICT;

                    -- Who opened a record in need; the reason is sealed with the session's key.
                    CREATE TABLE record_grants (
                        id TEXT PRIMARY KEY NOT NULL,
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        name TEXT NOT NULL,
                        role TEXT NOT NULL,
                        reason BLOB NOT NULL,
                        opened_at REAL NOT NULL,
                        expires_at REAL NOT NULL
                    ) STRICT;
                    CREATE INDEX record_grants_by_session ON record_grants (session_id, opened_at);

                    CREATE TABLE maintenance (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        message TEXT NOT NULL,
                        since REAL NOT NULL
                    ) STRICT;

                    -- Pictures that were deleted after their findings were shown, or their urgency was. A mark says nothing
                    -- outside of its session.
                    CREATE TABLE shown_pictures (
                        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        mark TEXT NOT NULL,
                        frame INTEGER NOT NULL,
                        PRIMARY KEY (session_id, mark, frame)
                    ) STRICT;
                    """)
            for text in try String.fetchAll(database, sql: "SELECT id FROM sessions") {
                guard let id = SessionID(text) else { continue }
                try SessionName.insert(id, database)
            }
        }
        migrator.registerMigration("9: queue") { database in
            try database.execute(
                sql: """
                    -- The level of urgency, from 0; and in which round the row is taken among those of its level.
                    ALTER TABLE analyses ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE analyses ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
                    -- When it may be tried again; how many tries have failed, and how many of those ended a worker.
                    ALTER TABLE analyses ADD COLUMN not_before REAL NOT NULL DEFAULT 0;
                    ALTER TABLE analyses ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE analyses ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
                    -- When it was given up after its last try, and the code of the failure.
                    ALTER TABLE analyses ADD COLUMN died_at REAL;
                    ALTER TABLE analyses ADD COLUMN death_code TEXT;
                    DROP INDEX analyses_waiting;
                    CREATE INDEX analyses_waiting ON analyses (priority, round, queued_at, id, not_before)
                        WHERE state = 'queued';
                    CREATE INDEX analyses_by_wait ON analyses (queued_at, id, not_before) WHERE state = 'queued';
                    CREATE INDEX analyses_waiting_by_session ON analyses (session_id, priority, round)
                        WHERE state = 'queued';
                    CREATE INDEX analyses_dead ON analyses (died_at) WHERE died_at IS NOT NULL;

                    CREATE TABLE queue_control (
                        id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL, turn INTEGER NOT NULL
                    ) STRICT;
                    INSERT INTO queue_control VALUES (1, 'running', 0);
                    """)
        }
        migrator.registerMigration("10: errors and alerts") { database in
            try database.execute(
                sql: """
                    -- JSON without patient data.
                    CREATE TABLE error_groups (
                        fingerprint TEXT PRIMARY KEY NOT NULL,
                        last_seen_at REAL NOT NULL,
                        body BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX error_groups_by_time ON error_groups (last_seen_at);
                    CREATE TABLE alerts (rule TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL) STRICT;
                    """)
        }
        migrator.registerMigration("11: whose a grant is") { database in
            try database.execute(
                sql: """
                    -- Who opened the record, whatever they are called. A grant from before is nobody's: it would have ended
                    -- within a quarter of an hour.
                    ALTER TABLE record_grants ADD COLUMN identity TEXT NOT NULL DEFAULT '';
                    """)
        }
        migrator.registerMigration("12: what a key has made") { database in
            try database.execute(
                sql: """
                    -- Until there is an answer: what was made under the key, sealed like the answer.
                    ALTER TABLE idempotency_keys ADD COLUMN made ANY;
                    """)
        }
        return migrator
    }
}

/// What operators and the audit trail call a session, beside it.
enum SessionName {
    static func insert(_ id: SessionID, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO session_names (session_id, pseudonym) VALUES (?, ?)",
            arguments: [id.description, id.pseudonym])
    }
}
