import Foundation
import Glibc
import Testing

@Suite("The worker's sandbox")
struct SandboxTests {
    /// How a probe ended.
    static func attempt(_ what: String...) throws -> (reason: Process.TerminationReason, status: Int32) {
        let probe = Process()
        probe.executableURL = Built.folder.appending(path: "sandbox-probe")
        probe.arguments = what
        probe.environment = ["SWIFT_BACKTRACE": "enable=no"]
        try probe.run()
        probe.waitUntilExit()
        return (probe.terminationReason, probe.terminationStatus)
    }

    @Test(
        "What a worker needs is let through",
        arguments: ["compute", "allocate", "read-the-clock", "compute-two-jobs-long"])
    func allowed(what: String) throws {
        let end = try Self.attempt(what)
        #expect(end.reason == .exit && end.status == 0, "\(what): \(end)")
    }

    @Test(
        "What it doesn't need kills it",
        arguments: [
            "open-a-file", "write-a-file", "list-a-folder", "remove-a-file", "rename-a-file", "change-a-file's-rights",
            "make-a-file-in-memory", "copy-a-descriptor", "make-a-socket", "make-a-socket-pair", "send-elsewhere",
            "receive-elsewhere", "make-a-ring", "run-a-program", "replace-itself", "fork", "start-a-thread",
            "signal-its-parent", "signal-everyone", "trace-its-parent", "read-another-process", "look-for-a-name",
            "make-memory-executable", "make-its-pages-executable", "raise-its-limits", "unlock-itself",
            "change-its-user", "leave-its-namespaces", "change-the-root", "mount-something", "load-a-kernel-program",
            "set-the-clock", "ask-for-its-limits", "limit-its-parent", "make-a-folder", "connect",
        ])
    func forbidden(what: String) throws {
        let end = try Self.attempt(what)
        #expect(end.reason == .uncaughtSignal && end.status == SIGSYS, "\(what): \(end)")
    }

    @Test("Who computes longer than its limit of processor time is killed")
    func processorTime() throws {
        let end = try Self.attempt("compute-too-long")
        #expect(end.reason == .uncaughtSignal && end.status == SIGXCPU, "\(end)")
    }

    /// The version of Landlock that the running kernel has; a probe tells with its status where it has none.
    static let hasLandlock = (try? attempt("compute", "landlock").status) == 0

    @Test(
        "Landlock by itself denies paths",
        .enabled(if: hasLandlock, "This kernel has no Landlock; the other layers hold without it."),
        arguments: ["open-a-file", "write-a-file", "list-a-folder", "make-a-folder"])
    func landlock(what: String) throws {
        let end = try Self.attempt(what, "landlock")
        #expect(end.reason == .exit && end.status == 2, "\(what): \(end)")
    }
}
