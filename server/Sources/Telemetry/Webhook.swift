import Crypto
public import Foundation
public import Observability

/// Posts a notice as JSON. Whoever holds the secret can check that it comes from here: `X-Lightbox-Signature` is
/// `sha256=` and the HMAC-SHA256, in hexadecimal, of the time in `X-Lightbox-Timestamp`, a full stop and the body.
public struct Webhook: AlertChannel {
    public let name = "webhook"
    private let sender: Sender
    private let secret: SymmetricKey?
    private let now: @Sendable () -> Date

    /// - Parameter secret: nil for no signature.
    public init(url: String, secret: [UInt8]?, now: @escaping @Sendable () -> Date) {
        sender = Sender(url: url)
        self.secret = secret.map { SymmetricKey(data: $0) }
        self.now = now
    }

    public func deliver(_ notice: AlertNotice) async throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        let body = try encoder.encode(notice)
        let time = String(Int(now().timeIntervalSince1970))
        var headers = [("X-Lightbox-Timestamp", time)]
        if let secret { headers.append(("X-Lightbox-Signature", Self.signature(of: body, at: time, secret))) }
        try await sender.post(body, headers: headers)
    }

    static func signature(of body: Data, at time: String, _ secret: SymmetricKey) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(time).".utf8) + body, using: secret)
        return "sha256=" + code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
