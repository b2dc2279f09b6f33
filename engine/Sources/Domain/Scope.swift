extension ModelManifest.Scope {
    /// Why a head doesn't speak here, or nil if it does.
    ///
    /// - Parameters:
    ///   - age: whole years; nil if not known. A head with an age limit stays silent then.
    ///   - view: `PA`, `AP` or nil if not known. Views are only checked when known.
    public func exclusion(age: Int?, view: String?) -> String? {
        if minAge != nil || maxAge != nil {
            guard let age else { return "It was made for \(ages), and the age isn't known." }
            if age < minAge ?? .min || age > maxAge ?? .max {
                return "It was made for \(ages), so it says nothing at \(Self.years(age))."
            }
        }
        if let views, let view, !views.contains(view) {
            return "It was made for pictures of the kind \(views.joined(separator: " or ")), not \(view)."
        }
        return nil
    }

    /// The ages in words, for example "adults from 18 years".
    public var ages: String {
        switch (minAge, maxAge) {
        case (nil, nil): "all ages"
        case (let low?, nil): "people of \(Self.years(low)) and older"
        case (nil, let high?): "people up to \(Self.years(high))"
        case (let low?, let high?): "children of \(low) to \(Self.years(high))"
        }
    }

    private static func years(_ age: Int) -> String {
        switch age {
        case 0: "under one year"
        case 1: "1 year"
        default: "\(age) years"
        }
    }
}

/// What is known of the person in the picture, from the intake or, without one, from the file's header.
public struct PatientFacts: Codable, Sendable, Equatable {
    /// Whole years.
    public var age: Int?
    /// `female`, `male` or `other`.
    public var sex: String?
    /// Whether the warning signs of a child are those to watch for.
    public var isChild: Bool { age.map { $0 < Self.grown } ?? false }
    /// From this age on the warning signs are those of adults.
    private static let grown = 12

    /// Whether there is or may be a pregnancy, as told.
    public var mayBePregnant: Bool

    public init(age: Int? = nil, sex: String? = nil, mayBePregnant: Bool = false) {
        self.age = age
        self.sex = sex
        self.mayBePregnant = mayBePregnant
    }

    public init(intake answers: Answers) {
        age = answers["age"]?.asNumber.flatMap { Int(exactly: $0) }
        if case .text(let code) = answers["sex"], ["female", "male", "other"].contains(code) { sex = code }
        mayBePregnant = ["yes", "possible"].contains { answers["pregnancy"] == .text($0) }
    }

    /// From Patient's Age (0010,1010), form `nnnD|W|M|Y`, and Patient's Sex (0010,0040).
    public init(dicom: DicomSummary?) {
        mayBePregnant = false
        if let text = dicom?.patientAge, text.utf8.count == 4, let number = Int(text.prefix(3)) {
            switch text.last {
            case "Y": age = number
            case "M": age = number / 12
            case "W": age = number / 52
            case "D": age = number / 365
            default: break
            }
        }
        switch dicom?.patientSex {
        case "F": sex = "female"
        case "M": sex = "male"
        case "O": sex = "other"
        default: break
        }
    }

    /// These facts, with gaps filled from `other`.
    public func completed(by other: PatientFacts) -> PatientFacts {
        PatientFacts(
            age: age ?? other.age, sex: sex ?? other.sex, mayBePregnant: mayBePregnant || other.mayBePregnant)
    }
}
