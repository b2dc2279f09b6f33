import Crypto
import Foundation
import Observability
import Synchronization
import Testing

@testable import Telemetry

@Suite("Telling operators")
struct TellingTests {
    static let notice = AlertNotice(
        rule: "queue-age", status: .firing, severity: .warning, text: "It waits.\r\nBcc: <x@example.org>", value: 11,
        since: Date(timeIntervalSince1970: 1_700_000_000), runbook: "docs/operations.md#queue-age")

    @Test("The signature is the HMAC of the time and the body")
    func signature() throws {
        // Computed with Python: hmac.new(b"secret", b"1700000000.{}", "sha256").hexdigest()
        let signature = Webhook.signature(
            of: Data("{}".utf8), at: "1700000000", SymmetricKey(data: Array("secret".utf8)))
        #expect(signature == "sha256=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163")
    }

    @Test("A mail has one line for each header, whatever a rule says, and doubles leading full stops")
    func mail() throws {
        let mailer = Mailer(
            server: .init(host: "localhost", port: 25, usesTLS: false), from: "lightbox@example.org",
            to: ["a@example.org", "b@example.org"], now: { Date(timeIntervalSince1970: 1_700_000_000) })
        var notice = Self.notice
        let lines = mailer.message(notice).components(separatedBy: "\r\n")
        #expect(lines.contains("Subject: [lightbox] firing: queue-age (warning)"))
        #expect(lines.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000"))
        #expect(lines.contains("To: <a@example.org>, <b@example.org>"))
        #expect(!lines.contains { $0.hasPrefix("Bcc") })
        notice.text = ".\r\n."
        #expect(!mailer.message(notice).components(separatedBy: "\r\n").contains("."))
    }

    @Test(
        "Addresses that could be taken for something else are refused",
        arguments: [
            ("a@example.org", true), ("a.b+c@example.org", true), ("a", false), ("a@b@c", false), ("@b", false),
            ("a@", false), ("a@b>\r\nRCPT TO:<x@y", false), ("a b@c", false), ("<a@b>", false), ("ä@b", false),
        ])
    func addresses(text: String, isAddress: Bool) throws {
        #expect(Mailer.isAddress(text) == isAddress)
    }

    private final class Flaky: AlertChannel {
        let name = "flaky"
        let failures: Int
        let tries = Mutex(0)
        let delivered = Mutex<[String]>([])
        let (calls, bell) = AsyncStream<Void>.makeStream()

        init(failures: Int) { self.failures = failures }

        func deliver(_ notice: AlertNotice) async throws {
            defer { bell.yield() }
            let number = tries.withLock { tries in
                tries += 1
                return tries
            }
            if number <= failures { throw CancellationError() }
            delivered.withLock { $0.append(notice.rule) }
        }
    }

    @Test("What isn't taken is tried again with growing pauses, and then let go")
    func retries() async throws {
        for (failures, expected) in [(2, ["queue-age", "next"]), (5, ["next"])] {
            let channel = Flaky(failures: failures)
            let pauses = Mutex<[Duration]>([])
            let outbox = AlertOutbox(channel) { pause in pauses.withLock { $0.append(pause) } }
            outbox.post(Self.notice)
            var next = Self.notice
            next.rule = "next"
            outbox.post(next)
            let running = Task { await outbox.run() }
            for await _ in channel.calls where channel.delivered.withLock({ $0.last }) == "next" { break }
            running.cancel()
            #expect(channel.delivered.withLock { $0 } == expected)
            #expect(pauses.withLock { $0 } == Array(AlertOutbox.pauses.prefix(failures)))
        }
    }

    @Test("A channel that is down holds a bounded number of notices")
    func bounded() async throws {
        let channel = Flaky(failures: 0)
        let outbox = AlertOutbox(channel) { _ in }
        for index in 0..<(AlertOutbox.most + 20) {
            var notice = Self.notice
            notice.rule = "\(index)"
            outbox.post(notice)
        }
        let running = Task { await outbox.run() }
        let last = "\(AlertOutbox.most + 19)"
        for await _ in channel.calls where channel.delivered.withLock({ $0.last }) == last { break }
        running.cancel()
        #expect(channel.delivered.withLock { $0.count } == AlertOutbox.most)
        #expect(channel.delivered.withLock { $0.first } == "20")
    }
}
