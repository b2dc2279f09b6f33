import Foundation
import Glibc
import Testing

@Suite("The worker's sandbox")
struct SandboxTests {
    /// How a probe ended.
    static func attempt(_ what: String) throws -> (reason: Process.TerminationReason, status: Int32) {
        let probe = Process()
        probe.executableURL = Built.folder.appending(path: "sandbox-probe")
        probe.arguments = [what]
        probe.environment = ["SWIFT_BACKTRACE": "enable=no"]
        try probe.run()
        probe.waitUntilExit()
        return (probe.terminationReason, probe.terminationStatus)
    }

    @Test("What a worker needs is let through", arguments: ["compute", "allocate", "read-the-clock"])
    func allowed(what: String) throws {
        let end = try Self.attempt(what)
        #expect(end.reason == .exit && end.status == 0, "\(what): \(end)")
    }

    @Test(
        "What it doesn't need kills it",
        arguments: [
            "open-a-file", "write-a-file", "list-a-folder", "remove-a-file", "make-a-socket", "make-a-socket-pair",
            "run-a-program", "replace-itself", "start-a-thread", "signal-its-parent", "look-for-a-name",
            "make-memory-executable", "raise-its-limits", "change-its-user", "set-the-clock", "change-the-root",
        ])
    func forbidden(what: String) throws {
        let end = try Self.attempt(what)
        #expect(end.reason == .uncaughtSignal && end.status == SIGSYS, "\(what): \(end)")
    }
}
