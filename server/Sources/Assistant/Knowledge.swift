/// The reviewed library: what is said in general, whoever asks. What depends on the record is composed elsewhere.
public enum Knowledge {
    /// Goes up with every change of what is said.
    public static let version = "1.0.0"

    /// Published guidance that sentences rest on.
    public struct Source: Sendable, Equatable {
        /// What evidence points to, for example `nhs-chest-xray`.
        public var key: String
        /// For people: publisher and title.
        public var title: String
        public var address: String

        public init(key: String, title: String, address: String) {
            self.key = key
            self.title = title
            self.address = address
        }
    }
}
