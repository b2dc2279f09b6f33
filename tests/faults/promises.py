"""The list of faults: what goes wrong, what must happen then, and what shows it. The texts are the promise as it was given;
a promise with no test is not a promise."""

from dataclasses import dataclass

API, PEOPLE, LIMITS = "tests/api/test_faults.py", "tests/api/test_people.py", "tests/api/test_limits.py"
QUICK = "tests/faults/test_quick.py"


@dataclass(frozen=True)
class Row:
    fault: str
    promise: str
    # Of this harness: names of functions.
    scenarios: tuple[str, ...] = ()
    # Tests that run elsewhere, each as `path::function`.
    tests: tuple[str, ...] = ()
    # What isn't there, in words.
    missing: str = ""


def of(path: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{path}::{name}" for name in names)


ROWS = [
    Row("`kill -9` of the server at any step of an upload, an analysis, a chat answer, a report",
        "what was answered 201/202 is there after the restart; what was not is invisible; orphan files are swept; an interrupted analysis resumes and completes once",
        ("thousands_of_uploads_under_kills", "upload_killed_at_each_call", "upload_in_parts_killed_at_each_call", "nothing_is_answered_before_it_is_synced",
         "analysis_killed_in_each_state", "answer_killed_in_the_middle", "report_killed_at_each_call", "erasure_killed_at_each_call", "key_exchange_killed_at_each_call"),
        of(QUICK, "test_an_upload_killed_at_a_call", "test_a_part_killed_at_a_call", "test_nothing_is_answered_before_it_is_synced")
        + of(API, "test_what_was_accepted_survives_the_end_of_the_server_and_completes_once", "test_files_without_a_row_are_removed_at_the_start")
        + of("tests/api/test_reports.py", "test_nothing_hangs_after_a_power_cut", "test_what_was_being_made_too_often_has_failed")
        + of("tests/api/test_conversations.py", "test_an_answer_that_the_end_of_the_server_interrupted_keeps_the_librarys_words")
        + of("tests/api/test_uploads.py", "test_parts_survive_the_end_of_the_server", "test_what_was_whole_when_the_server_ended_is_read_when_it_is_asked_for")
        + of("tests/api/test_sessions.py", "test_a_record_of_the_version_before_is_sealed_at_the_first_start_even_if_that_is_killed", "test_killed_at_any_moment_the_server_starts_and_a_second_try_ends_it")
        + of("tests/deploy/test_backup.py", "test_a_killed_backup_leaves_no_target", "test_a_killed_restore_leaves_no_target")
        + of("server/Tests/BlobStorageTests/FileBlobStoreTests.swift", "committedReception")),
    Row("`kill -9`, crash or hang of an analysis worker",
        "the worker is replaced; the job is tried again (2 tries, then `failed` with a reason and a Retry button); every other job goes on; the server never stops answering",
        ("workers_die_and_hang",),
        of(API, "test_a_worker_that_dies_is_replaced_and_the_analysis_completes", "test_a_worker_that_hangs_is_ended_and_the_analysis_completes")
        + of("tests/api/test_queue.py", "test_a_picture_that_ends_two_workers_is_given_up_and_an_operator_puts_it_back")
        + of("server/Tests/WorkerPoolTests/WorkerPoolTests.swift", "killed", "hanging")),
    Row("disk full", "507 for writes, reads go on, `/health/ready` says so; recovers by itself when there is room",
        ("disk_full",), of("tests/api/test_reports.py", "test_a_full_disk_is_507_and_what_was_gathered_can_still_be_had") + of(QUICK, "test_a_full_disk")),
    Row("I/O error, database locked", "the transaction rolls back; 503 with `Retry-After`; waiting is bounded",
        ("database_errors", "file_errors", "database_locked", "slow_disk"), of(QUICK, "test_a_disk_that_reports_errors")
        + of("server/Tests/SQLiteStoreTests/StoreTests.swift", "faults", "sharedFailure")),
    Row("language model down, slow, or answering garbage",
        "deadline, circuit breaker, the grounded answer instead, said openly; analysis and report are untouched",
        ("language_model_misbehaves",),
        of("tests/api/test_conversations.py", "test_when_it_fails_the_library_answers_and_says_so", "test_a_server_that_is_not_there_costs_no_answer")
        + of("server/Tests/LanguageModelsTests/ModelEndpointsTests.swift", "breaker")),
    Row("the clock jumps by a day", "sessions don't lengthen, time-outs are monotonic, the audit order is by sequence",
        ("clock_jumps",), of("server/Tests/SQLiteStoreTests/SessionTests.swift", "jumps", "idle", "restart")),
    Row("slow headers, slow body, a reader that doesn't read its event stream", "deadlines and minimum rates; bounded buffers; other users unaffected", (),
        of(LIMITS, "test_a_header_that_does_not_end_is_answered_408_and_closed", "test_the_second_header_of_a_connection_has_the_same_deadline",
           "test_a_body_that_drips_is_answered_408_and_closed_and_nothing_is_kept", "test_a_body_that_stands_still_is_answered_408",
           "test_a_reader_that_takes_nothing_of_a_download_is_cut_off", "test_others_are_served_while_hundreds_are_slow")),
    Row("body over the limit", "413 before it is buffered; the connection is closed cleanly", (),
        of("tests/api/test_api.py", "test_a_body_over_the_limit_is_refused_before_it_is_read", "test_a_body_without_a_length_is_refused_at_the_limit")
        + of(LIMITS, "test_a_body_that_is_announced_as_too_large_is_refused_at_once_on_every_route")),
    Row("pixel bomb (a tiny file that declares 60,000 x 60,000)", "422 from the header alone; no pixel memory is allocated", (),
        of("tests/api/test_api.py", "test_what_is_no_picture_is_refused_by_its_content_and_nothing_is_kept")
        + of("engine/Tests/WorkerTests/HostileFileTests.swift", "bombs") + of("engine/Tests/ImageDecodingTests/LimitTests.swift", "bomb")),
    Row("truncated, mislabelled, polyglot file; a DICOM whose preamble hides a program", "refused by content, not by name; what is kept is re-encoded or neutralised", (),
        of("tests/api/test_api.py", "test_what_is_no_picture_is_refused_by_its_content_and_nothing_is_kept")
        + of(PEOPLE, "test_a_program_in_front_of_a_picture_is_no_picture_or_is_not_given_out")
        + of("tests/api/test_uploads.py", "test_the_file_comes_back_as_it_was_but_for_a_preamble")
        + of("engine/Tests/WorkerTests/HostileFileTests.swift", "truncated", "polyglots")),
    Row("a file that crashes the decoder", "only the sandboxed worker dies; the upload is quarantined with a clear reason",
        ("a_file_that_kills_its_worker",), of("engine/Tests/WorkerTests/HostileFileTests.swift", "noise")),
    Row("another session's id in any URL", "404, the same as an id that doesn't exist, in the same time; an audit event", (),
        of("tests/api/test_isolation.py", "test_each_identifier_has_a_counterpart_here", "test_an_identifier_of_another_session_is_answered_as_one_that_does_not_exist",
           "test_the_time_of_an_answer_does_not_tell_either") + of(PEOPLE, "test_asking_for_what_is_not_in_the_session_is_in_the_trail")),
    Row("session fixation or theft; a cookie after log-off or expiry", "`__Host-` cookie, HttpOnly, Secure, SameSite; server-side revocation; nothing is served", (),
        of(PEOPLE, "test_a_cookie_that_a_stranger_chose_opens_nothing_and_a_session_never_takes_it", "test_what_is_kept_of_a_token_does_not_open_the_session",
           "test_behind_https_the_cookie_is_host_only_secure_and_of_no_other_name", "test_a_cookie_serves_nothing_after_the_end_of_its_session")
        + of(API, "test_a_session_ends_by_idleness_and_its_files_go")),
    Row("cross-site request", "refused by Origin / Sec-Fetch-Site, 403", (),
        of(PEOPLE, "test_no_operation_that_changes_something_takes_a_request_from_another_site", "test_no_other_origin_is_let_in_to_read")),
    Row("path traversal in names and ids", "ids are internal; a name is data, never a path", (),
        of(PEOPLE, "test_no_address_leads_out_of_what_is_served", "test_a_name_of_a_file_is_never_a_path")),
    Row("script in a file name, form field, DICOM tag, chat message or model output", "shown as text everywhere: page, PDF, log, FHIR; CSP without `unsafe-*`", (),
        of("tests/journeys/test_hostile_text.py", "test_script_from_everywhere_is_text_on_every_page")
        + of(PEOPLE, "test_in_the_pdf_it_is_text", "test_in_fhir_it_is_escaped_in_the_narrative_and_text_elsewhere", "test_in_plain_text_and_dicom_it_is_text",
             "test_the_log_has_none_of_it", "test_what_a_model_says_loses_its_markup")),
    Row("prompt injection in a form field, a DICOM tag or a question",
        "the language model has no tools and no rights; what it says is checked against the record; red flags can't be talked down", (),
        of(PEOPLE, "test_a_field_and_a_tag_are_quoted_to_it_as_what_somebody_wrote", "test_what_it_says_when_it_obeys_is_struck", "test_red_flags_cannot_be_talked_down")
        + of("tests/api/test_conversations.py", "test_high_risk_questions_never_reach_it")),
    Row("control characters and line breaks in anything logged", "JSON logs, escaped; no patient data in logs, metrics, titles or audit text", (),
        of(PEOPLE, "test_nobody_can_forge_a_line_or_steer_a_terminal", "test_the_trail_takes_only_what_is_an_identifier")
        + of("tests/api/test_api.py", "test_nothing_that_was_typed_is_in_the_log")),
    Row("the same upload or question sent twice with one Idempotency-Key", "one effect, the stored answer; another body under the same key: 422",
        ("the_same_upload_again_after_a_kill", "the_same_upload_again_after_a_kill_before_its_answer_was_stored"),
        of("tests/api/test_uploads.py", "test_a_key_makes_one_upload_and_stands_for_one_request", "test_the_same_picture_and_the_same_analysis_sent_twice_have_one_effect")
        + of("tests/api/test_conversations.py", "test_a_question_is_asked_once_however_often_it_is_sent")),
    Row("an audit row edited, dropped or reordered", "`lightbox audit verify` names the first bad sequence number", (),
        of("tests/api/test_audit.py", "test_a_whole_trail_is_proven_and_the_first_bad_line_is_named") + of("server/Tests/AuditTrailTests/AuditTrailTests.swift", "cuts")),
    Row("SIGTERM in the middle of everything", "no new work, what runs finishes or is parked within the drain time, exit 0",
        ("sigterm_storm",),
        of(API, "test_the_server_stops_cleanly_with_streams_open_and_leaves_no_process") + of("tests/api/test_queue.py", "test_a_server_that_is_told_to_stop_parks_what_takes_too_long")),
    Row("memory grows", "a worker over its limit is recycled between jobs; 1,000 analyses leave resident memory flat", (),
        of("tests/api/test_memory.py", "test_forty_analyses_and_reports_leave_the_server_flat") + of(API, "test_memory_stays_flat_while_large_files_come_in")
        + of("server/Tests/WorkerPoolTests/WorkerPoolTests.swift", "memory")),
    Row("two server nodes on one PostgreSQL, one dies", "its jobs are taken over by the other after the lease ends, and run once", (), (),
        "There is no store for PostgreSQL: Lightbox runs on one node, with SQLite, and no test can show this promise. What one node does about a job whose process "
        "died is in the first row: the job is run again at the start, and its outcome is written once. A second server on the same data folder is not a second node."),
]
