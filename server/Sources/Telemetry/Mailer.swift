public import Foundation
import NIOCore
import NIOPosix
import NIOSSL
public import Observability
import Synchronization

/// Sends a notice by e-mail: a small client of SMTP (RFC 5321) with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4616).
public struct Mailer: AlertChannel {
    public struct Server: Sendable, Equatable {
        public var host: String
        public var port: Int
        /// Without it everything goes in clear: for a server on this machine.
        public var usesTLS: Bool
        /// PEM file of the authority that signed the server's certificate; nil for those of the system.
        public var authorityFile: String?
        /// Only sent through TLS.
        public var user: String?
        public var password: String?

        public init(
            host: String, port: Int, usesTLS: Bool, authorityFile: String? = nil, user: String? = nil,
            password: String? = nil
        ) {
            self.host = host
            self.port = port
            self.usesTLS = usesTLS
            self.authorityFile = authorityFile
            self.user = user
            self.password = password
        }
    }

    public enum Fault: Error, Equatable, CustomStringConvertible {
        case answer(step: String, code: Int)
        case ended(step: String)
        case noTLS
        /// Something came in clear behind the word that TLS may begin: who reads it later takes it for the server's.
        case injected
        case late

        public var description: String {
            switch self {
            case .answer(let step, let code): "the mail server answered \(code) to \(step)"
            case .ended(let step): "the mail server closed the connection at \(step)"
            case .noTLS: "the mail server offers no STARTTLS"
            case .injected: "something came in clear after STARTTLS"
            case .late: "the mail server took too long"
            }
        }
    }

    public let name = "mail"
    private let server: Server
    private let from: String
    private let to: [String]
    private let now: @Sendable () -> Date

    /// - Parameters: addresses as they stand in `MAIL FROM`; see ``isAddress(_:)``.
    public init(server: Server, from: String, to: [String], now: @escaping @Sendable () -> Date) {
        self.server = server
        self.from = from
        self.to = to
        self.now = now
    }

    /// Whether it can stand in an envelope without being taken for something else.
    public static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"<>()[]\\,;:\"".utf8.contains($0) }
    }

    public func deliver(_ notice: AlertNotice) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await send(notice) }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                throw Fault.late
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func send(_ notice: AlertNotice) async throws {
        let arrived = PlainBytes()
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .connect(host: server.host, port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(arrived)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, outbound in
            var talk = Talk(lines: inbound.makeAsyncIterator(), outbound: outbound)
            _ = try await talk.expect(220, "the greeting")
            var offers = try await talk.say("EHLO lightbox.invalid", expecting: 250, "EHLO")
            if server.usesTLS {
                guard offers.contains(where: { $0.uppercased() == "STARTTLS" }) else { throw Fault.noTLS }
                _ = try await talk.say("STARTTLS", expecting: 220, "STARTTLS")
                try await secure(channel.channel, havingRead: talk.read, of: arrived)
                offers = try await talk.say("EHLO lightbox.invalid", expecting: 250, "EHLO")
                if let user = server.user, let password = server.password {
                    let secret = Data("\0\(user)\0\(password)".utf8).base64EncodedString()
                    _ = try await talk.say("AUTH PLAIN \(secret)", expecting: 235, "AUTH")
                }
            }
            _ = try await talk.say("MAIL FROM:<\(from)>", expecting: 250, "MAIL FROM")
            for address in to { _ = try await talk.say("RCPT TO:<\(address)>", expecting: 250, "RCPT TO") }
            _ = try await talk.say("DATA", expecting: 354, "DATA")
            _ = try await talk.say(message(notice) + "\r\n.", expecting: 250, "the message")
            // The message is accepted; whatever comes now changes nothing.
            _ = try? await talk.say("QUIT", expecting: 221, "QUIT")
        }
    }

    /// - Throws: ``Fault/injected`` where more has arrived than was read: it would be read as if it came through TLS.
    private func secure(_ channel: any Channel, havingRead read: Int, of arrived: PlainBytes) async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = server.authorityFile { configuration.trustRoots = .file(file) }
        let context = try NIOSSLContext(configuration: configuration)
        let host = server.host
        // SNI takes names only.
        let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        try await channel.eventLoop.submit {
            guard arrived.count == read else { throw Fault.injected }
            try channel.pipeline.syncOperations.addHandler(
                try NIOSSLClientHandler(context: context, serverHostname: isNumber ? nil : host), position: .first)
        }.get()
    }

    /// Lines end with CRLF, and a line that begins with a full stop gets another one (RFC 5321, section 4.5.2).
    func message(_ notice: AlertNotice) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        let subject = "[lightbox] \(notice.status.rawValue): \(notice.rule) (\(notice.severity.rawValue))"
        let lines =
            [
                "From: <\(from)>", "To: \(to.map { "<\($0)>" }.joined(separator: ", "))",
                "Subject: \(Self.line(subject))", "Date: \(formatter.string(from: now()))",
                "Message-ID: <\(UUID().uuidString.lowercased())@lightbox.invalid>", "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
                "Auto-Submitted: auto-generated", "",
            ] + [
                Self.line(notice.text), "", "Alert: \(notice.rule)", "Status: \(notice.status.rawValue)",
                "Severity: \(notice.severity.rawValue)", "Value: \(notice.value)",
                "Since: \(formatter.string(from: notice.since))", "What to do: \(notice.runbook)",
            ]
        return lines.map { $0.hasPrefix(".") ? "." + $0 : $0 }.joined(separator: "\r\n")
    }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}

/// Counts what arrives before anything is decoded, also what nobody has asked for yet.
private final class PlainBytes: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let bytes = Atomic<Int>(0)

    var count: Int { bytes.load(ordering: .relaxed) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.add(unwrapInboundIn(data).readableBytes, ordering: .relaxed)
        context.fireChannelRead(data)
    }
}

/// One conversation with a mail server.
private struct Talk {
    var lines: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer = ""
    private var taken = 0
    /// Bytes of the answers that were read so far.
    var read: Int { taken - buffer.utf8.count }

    init(
        lines: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.lines = lines
        self.outbound = outbound
    }

    mutating func say(_ text: String, expecting code: Int, _ step: String) async throws -> [String] {
        try await outbound.write(ByteBuffer(string: text + "\r\n"))
        return try await expect(code, step)
    }

    /// - Returns: what stands behind the code, line by line.
    mutating func expect(_ code: Int, _ step: String) async throws -> [String] {
        var texts: [String] = []
        while true {
            let line = try await line(step)
            guard line.count >= 3, let found = Int(line.prefix(3)) else { throw Mailer.Fault.ended(step: step) }
            texts.append(String(line.dropFirst(4)))
            if line.dropFirst(3).first == "-" { continue }
            guard found == code else { throw Mailer.Fault.answer(step: step, code: found) }
            return texts
        }
    }

    private mutating func line(_ step: String) async throws -> String {
        while true {
            if let end = buffer.firstIndex(of: "\r\n") {
                let line = String(buffer[..<end])
                buffer = String(buffer[buffer.index(after: end)...])
                return line
            }
            guard buffer.utf8.count < 64 << 10, let bytes = try await lines.next() else {
                throw Mailer.Fault.ended(step: step)
            }
            taken += bytes.readableBytes
            buffer += String(buffer: bytes)
        }
    }
}
