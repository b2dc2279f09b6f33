import Foundation
import Glibc

/// The file of the master key, and beside it, while keys are being wrapped anew, that of the next one. Whichever the data
/// need is found by what they hold, so that the two may be exchanged late.
public struct MasterKeyFile: Sendable {
    public let path: String
    public var nextPath: String { path + ".next" }

    public init(_ path: String) {
        self.path = path
    }

    /// All keys that are there, the one in force first unless a rotation ended between its last two steps.
    ///
    /// - Parameter mayMake: whether a new key is made where there is none.
    public func load(mayMake: Bool) throws(KeyFault) -> [MasterKey] {
        let key = try MasterKey.load(path, mayMake: mayMake)
        return [key] + (try next().map { [$0] } ?? [])
    }

    private func next() throws(KeyFault) -> MasterKey? {
        access(nextPath, F_OK) == 0 ? try MasterKey.load(nextPath, mayMake: false) : nil
    }

    /// The key that is to come: that of a rotation which was interrupted, or a new one.
    public func loadOrMakeNext() throws(KeyFault) -> MasterKey {
        try MasterKey.load(nextPath, mayMake: true)
    }

    /// The next key's file takes the place of the other.
    public func exchange() throws(KeyFault) {
        try KeyFile(path: nextPath, name: "The next master key").replace(path)
    }
}
