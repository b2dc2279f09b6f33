public import Foundation
import NIOSSL

/// When certificates end.
public enum Certificate {
    /// - Parameter file: PEM; the first to end of all that are in it counts, because the chain breaks there.
    /// - Returns: nil where it can't be read.
    public static func end(ofFile file: String) -> Date? {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(file) else { return nil }
        return chain.map { Date(timeIntervalSince1970: Double($0.notValidAfter)) }.min()
    }
}
