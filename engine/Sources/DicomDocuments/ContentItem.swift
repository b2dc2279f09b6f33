public import Foundation

/// One item of the content tree of a structured report (PS3.3 section C.17.3).
public struct ContentItem: Sendable, Equatable {
    /// How it relates to the item that it hangs on.
    public enum Relationship: String, Sendable {
        case contains = "CONTAINS"
        case modifies = "HAS CONCEPT MOD"
        case observed = "HAS OBS CONTEXT"
        case acquired = "HAS ACQ CONTEXT"
        case property = "HAS PROPERTIES"
    }

    public enum Value: Sendable, Equatable {
        /// - Parameter template: the number of the template that it follows, of the DICOM Content Mapping Resource.
        case container(template: String? = nil)
        case text(String)
        case code(Code)
        case number(Double, unit: Code)
        case personName(PersonName)
        case uid(String)
        case dateTime(Date)
        case image(InstanceReference)
    }

    public var relationship: Relationship
    public var concept: Code?
    public var value: Value
    public var children: [ContentItem]

    public init(
        _ relationship: Relationship, _ concept: Code?, _ value: Value, children: [ContentItem] = []
    ) {
        self.relationship = relationship
        self.concept = concept
        self.value = value
        self.children = children
    }

    /// nil where its value is nothing: an item must have one.
    func dataSet(isRoot: Bool) -> DataSet? {
        var item = DataSet()
        if !isRoot { item.set(0x0040_A010, .cs, relationship.rawValue) }
        if let concept { item.set(0x0040_A043, items: [concept.dataSet]) }
        switch value {
        case .container(let template):
            item.set(0x0040_A040, .cs, "CONTAINER")
            item.set(0x0040_A050, .cs, "SEPARATE")
            if let template {
                var source = DataSet()
                source.set(0x0008_0105, .cs, "DCMR")
                source.set(0x0040_DB00, .cs, template)
                item.set(0x0040_A504, items: [source])
            }
        case .text(let text):
            guard !TextRepresentation.ut.value(of: text).isEmpty else { return nil }
            item.set(0x0040_A040, .cs, "TEXT")
            item.set(0x0040_A160, .ut, text)
        case .code(let code):
            item.set(0x0040_A040, .cs, "CODE")
            item.set(0x0040_A168, items: [code.dataSet])
        case .number(let number, let unit):
            item.set(0x0040_A040, .cs, "NUM")
            item.set(0x0040_A300, items: Self.measured(number, unit).map { [$0] } ?? [])
        case .personName(let name):
            guard !name.value.isEmpty else { return nil }
            item.set(0x0040_A040, .cs, "PNAME")
            item.set(0x0040_A123, .pn, name.value)
        case .uid(let uid):
            guard DerivedUID.isUID(uid) else { return nil }
            item.set(0x0040_A040, .cs, "UIDREF")
            item.set(0x0040_A124, .ui, uid)
        case .dateTime(let date):
            item.set(0x0040_A040, .cs, "DATETIME")
            item.set(0x0040_A120, .dt, date.dicomDateTime)
        case .image(let reference):
            item.set(0x0040_A040, .cs, "IMAGE")
            item.set(0x0008_1199, items: [reference.dataSet])
        }
        let content = children.compactMap { $0.dataSet(isRoot: false) }
        if !content.isEmpty { item.set(0x0040_A730, items: content) }
        return item
    }

    /// An item of the Measured Value Sequence; nil for what is no number.
    private static func measured(_ number: Double, _ unit: Code) -> DataSet? {
        guard let text = DataSet.decimal(number) else { return nil }
        var value = DataSet()
        value.set(0x0040_A30A, .ds, text)
        // Sixteen characters don't hold every number.
        if Double(text) != number { value.set(0x0040_A161, double: number) }
        value.set(0x0040_08EA, items: [unit.dataSet])
        return value
    }

    /// Pictures that are referred to in it.
    var images: [InstanceReference] {
        let own: [InstanceReference] = if case .image(let reference) = value { [reference] } else { [] }
        return children.reduce(into: own) { found, child in
            for image in child.images where !found.contains(image) { found.append(image) }
        }
    }
}
