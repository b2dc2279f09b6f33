import GRDB

extension Schema {
    /// Makes the columns that are sealed of type ANY: text is what waits to be sealed, a blob is sealed. The rows are
    /// sealed by ``SealRows`` before anybody is served, because a migration has no keys.
    static func registerSealedRows(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("7: sealed rows") { database in
            try database.execute(sql: sessionsAndHistories)
            try database.execute(sql: studies)
            try database.execute(sql: conversationsAndReports)
        }
    }

    private static let sessionsAndHistories = """
        -- Logged off: the token opens nothing any more, and the next sweep erases it.
        ALTER TABLE sessions ADD COLUMN revoked_at REAL;
        CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
        -- Of the master key that takes the other's place, while keys are being wrapped anew.
        ALTER TABLE master_key_proof ADD COLUMN next_proof BLOB;
        -- One row once every row from before is sealed and the file holds nothing of what stood there.
        CREATE TABLE sealing (id INTEGER PRIMARY KEY CHECK (id = 1), finished_at REAL NOT NULL) STRICT;

        CREATE TABLE new_intakes (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            answers ANY NOT NULL,
            revision INTEGER NOT NULL,
            updated_at REAL NOT NULL
        ) STRICT;
        INSERT INTO new_intakes SELECT session_id, answers, revision, updated_at FROM intakes;
        DROP TABLE intakes;
        ALTER TABLE new_intakes RENAME TO intakes;

        CREATE TABLE new_notes (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            acuity ANY NOT NULL,
            withheld ANY NOT NULL,
            drafts ANY NOT NULL,
            held ANY NOT NULL
        ) STRICT;
        INSERT INTO new_notes SELECT session_id, acuity, withheld, drafts, held FROM session_notes;
        DROP TABLE session_notes;
        ALTER TABLE new_notes RENAME TO session_notes;

        -- The key and the fingerprint are keyed marks of what was sent.
        CREATE TABLE new_keys (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            answer ANY,
            created_at REAL NOT NULL,
            PRIMARY KEY (session_id, key)
        ) STRICT;
        INSERT INTO new_keys SELECT session_id, key, fingerprint, answer, created_at FROM idempotency_keys;
        DROP TABLE idempotency_keys;
        ALTER TABLE new_keys RENAME TO idempotency_keys;
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (session_id, created_at);
        CREATE INDEX idempotency_keys_running ON idempotency_keys (created_at) WHERE answer IS NULL;
        """

    private static let studies = """
        CREATE TABLE new_uploads (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            file_name ANY NOT NULL,
            bytes INTEGER NOT NULL,
            sha256 ANY NOT NULL,
            inspection ANY NOT NULL,
            created_at REAL NOT NULL,
            burned_in ANY
        ) STRICT;
        INSERT INTO new_uploads
            SELECT id, session_id, file_name, bytes, sha256, inspection, created_at, burned_in FROM uploads;
        DROP TABLE uploads;
        ALTER TABLE new_uploads RENAME TO uploads;
        CREATE INDEX uploads_by_session ON uploads (session_id, created_at);
        CREATE INDEX uploads_without_text ON uploads (created_at) WHERE burned_in IS NULL;

        CREATE TABLE new_analyses (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
            state TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            queued_at REAL NOT NULL,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            outcome ANY,
            confirmed_differences ANY NOT NULL,
            frame INTEGER NOT NULL DEFAULT 0,
            adjustment ANY,
            blind_seconds REAL,
            blind_ending TEXT,
            blind_ended_at REAL,
            -- Of a completed one: what made its result, so that a withdrawal finds it.
            model TEXT,
            model_version TEXT
        ) STRICT;
        INSERT INTO new_analyses
            SELECT id, session_id, upload_id, state, attempt, revision, queued_at, created_at, updated_at, outcome,
                confirmed_differences, frame, adjustment, blind_seconds, blind_ending, blind_ended_at,
                iif(state = 'completed', json_extract(outcome, '$.completed._0.model.id'), NULL),
                iif(state = 'completed', json_extract(outcome, '$.completed._0.model.version'), NULL)
            FROM analyses;
        DROP TABLE analyses;
        ALTER TABLE new_analyses RENAME TO analyses;
        CREATE INDEX analyses_by_session ON analyses (session_id, created_at);
        CREATE INDEX analyses_by_upload ON analyses (upload_id);
        CREATE INDEX analyses_waiting ON analyses (queued_at, id) WHERE state = 'queued';
        CREATE INDEX analyses_running ON analyses (queued_at) WHERE state = 'decoding';
        CREATE INDEX analyses_held_back ON analyses (updated_at)
            WHERE blind_seconds IS NOT NULL AND blind_ending IS NULL;
        CREATE INDEX analyses_by_model ON analyses (model, model_version) WHERE model IS NOT NULL;

        CREATE TABLE new_readings (
            analysis_id TEXT PRIMARY KEY NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
            clinician ANY NOT NULL,
            text ANY NOT NULL,
            recorded_at REAL NOT NULL,
            is_blind INTEGER NOT NULL
        ) STRICT;
        INSERT INTO new_readings SELECT analysis_id, clinician, text, recorded_at, is_blind FROM readings;
        DROP TABLE readings;
        ALTER TABLE new_readings RENAME TO readings;

        CREATE TABLE new_receptions (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            file_name ANY NOT NULL,
            length INTEGER NOT NULL,
            created_at REAL NOT NULL,
            expires_at REAL NOT NULL,
            state TEXT NOT NULL,
            outcome ANY
        ) STRICT;
        INSERT INTO new_receptions
            SELECT id, session_id, file_name, length, created_at, expires_at, state, outcome FROM receptions;
        DROP TABLE receptions;
        ALTER TABLE new_receptions RENAME TO receptions;
        CREATE INDEX receptions_by_session ON receptions (session_id, created_at);
        CREATE INDEX receptions_by_expiry ON receptions (expires_at);
        """

    private static let conversationsAndReports = """
        CREATE TABLE new_conversations (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            title ANY NOT NULL,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL
        ) STRICT;
        INSERT INTO new_conversations SELECT id, session_id, title, created_at, updated_at FROM conversations;
        DROP TABLE conversations;
        ALTER TABLE new_conversations RENAME TO conversations;
        CREATE INDEX conversations_by_session ON conversations (session_id, updated_at);

        CREATE TABLE new_messages (
            id TEXT PRIMARY KEY NOT NULL,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            created_at REAL NOT NULL,
            -- Of an answer; NULL for a question.
            state TEXT,
            content ANY NOT NULL,
            UNIQUE (conversation_id, number)
        ) STRICT;
        INSERT INTO new_messages SELECT id, conversation_id, number, created_at, state, content FROM messages;
        DROP TABLE messages;
        ALTER TABLE new_messages RENAME TO messages;
        CREATE INDEX messages_being_written ON messages (state) WHERE state = 'writing';

        CREATE TABLE new_reports (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            analysis_id TEXT NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
            -- Which of the two forms it is; it stands in the options too.
            audience TEXT NOT NULL,
            options ANY NOT NULL,
            file_stem ANY NOT NULL,
            state TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            failure TEXT,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL
        ) STRICT;
        INSERT INTO new_reports
            SELECT id, session_id, analysis_id, json_extract(options, '$.audience'), options, file_stem, state, attempt,
                revision, failure, created_at, updated_at
            FROM reports;
        DROP TABLE reports;
        ALTER TABLE new_reports RENAME TO reports;
        CREATE INDEX reports_by_session ON reports (session_id, created_at);
        CREATE INDEX reports_by_analysis ON reports (analysis_id);
        CREATE INDEX reports_being_made ON reports (created_at) WHERE state = 'making';
        """
}
