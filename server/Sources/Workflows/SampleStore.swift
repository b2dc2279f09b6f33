/// A picture that anyone may try.
public struct Sample: Sendable, Equatable {
    public var id: String
    public var title: String
    public var description: String
    public var credit: String
    public var licence: String
    public var format: String

    public init(id: String, title: String, description: String, credit: String, licence: String, format: String) {
        self.id = id
        self.title = title
        self.description = description
        self.credit = credit
        self.licence = licence
        self.format = format
    }
}

/// The samples that this machine has. It may have none.
public protocol SampleStore: Sendable {
    func all() async -> [Sample]
    /// - Throws: ``Fault/notFound``.
    func read(_ id: String) async throws(Fault) -> (name: String, bytes: [UInt8])
}
