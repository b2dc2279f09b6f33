import Foundation
import NIOSSL
import Synchronization

/// The certificate and key of a listener, as PEM files. They are read again when they have changed, so that a renewed
/// certificate is used for new connections without a restart; those that are open keep theirs.
public final class Certificate: Sendable {
    private struct State {
        var tls: TLSConfiguration
        var version = 0
        var stamps: [Stamp]
    }

    /// Tells one content of a file from another without reading it.
    private struct Stamp: Equatable {
        var modified: Date?
        var size: Int?
        var number: Int?
    }

    private let chain: String
    private let key: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - chain: the certificate, then those that it was issued by.
    ///   - key: its private key.
    /// - Throws: ``CertificateFault``.
    public init(chain: String, key: String) throws(CertificateFault) {
        self.chain = chain
        self.key = key
        state = Mutex(State(tls: try Self.read(chain, key), stamps: Self.stamps(chain, key)))
    }

    /// Reads the files again if they look changed. What doesn't fit together is not taken.
    ///
    /// - Returns: whether another certificate is used from now on.
    public func reload(evenIfUnchanged: Bool = false) throws(CertificateFault) -> Bool {
        let stamps = Self.stamps(chain, key)
        guard evenIfUnchanged || state.withLock({ $0.stamps != stamps }) else { return false }
        let tls = try Self.read(chain, key)
        state.withLock {
            $0.tls = tls
            $0.version += 1
            $0.stamps = stamps
        }
        return true
    }

    /// What is made of the certificate now in use, made anew only when that was replaced.
    func following<Made: Sendable>(
        _ make: @escaping @Sendable (TLSConfiguration) throws -> Made
    ) -> @Sendable () throws -> Made {
        let made = Mutex<(version: Int, value: Made)?>(nil)
        let last = Box(made)
        return { [self] in
            let (tls, version) = state.withLock { ($0.tls, $0.version) }
            return try last.value.withLock { last in
                if let last, last.version == version { return last.value }
                let value = try make(tls)
                last = (version, value)
                return value
            }
        }
    }

    /// TLS 1.2 with forward secrecy and authenticated encryption, or TLS 1.3 (RFC 9325).
    private static func read(_ chain: String, _ key: String) throws(CertificateFault) -> TLSConfiguration {
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(chain)
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: certificates.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            tls.minimumTLSVersion = .tlsv12
            tls.cipherSuiteValues = [
                .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            ]
            // Tells at once whether the key belongs to the certificate.
            _ = try NIOSSLContext(configuration: tls)
            return tls
        } catch {
            throw CertificateFault(chain: chain, key: key, cause: error)
        }
    }

    private static func stamps(_ paths: String...) -> [Stamp] {
        paths.map { path in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: URL(filePath: path).resolvingSymlinksInPath().path)
            return Stamp(
                modified: attributes?[.modificationDate] as? Date, size: attributes?[.size] as? Int,
                number: attributes?[.systemFileNumber] as? Int)
        }
    }
}

private final class Box<Value: Sendable & ~Copyable>: Sendable {
    let value: Value

    init(_ value: consuming Value) {
        self.value = value
    }
}

/// A certificate that can't be used.
public struct CertificateFault: Error, CustomStringConvertible {
    let chain: String
    let key: String
    let cause: any Error

    public var description: String {
        "The certificate \(chain) can't be used with the key \(key): they must be PEM files that belong together (\(cause))."
    }
}
