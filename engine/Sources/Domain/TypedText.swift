import Foundation

/// What a person types into a form that isn't the history.
enum TypedText {
    /// The text without blanks around it.
    ///
    /// - Parameters:
    ///   - pointer: the field, as a JSON pointer.
    ///   - hasLines: whether line breaks and tabs may stand in it.
    ///   - faults: gets what is wrong with it.
    static func checked(
        _ text: String, _ pointer: String, longest: Int, hasLines: Bool = false, _ faults: inout [FieldFault]
    ) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let isForbidden = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control && !(hasLines && ["\n", "\r", "\t"].contains(scalar))
        }
        if trimmed.isEmpty {
            faults.append(FieldFault(pointer: pointer, code: .required, detail: "This is needed."))
        } else if trimmed.count > longest {
            faults.append(FieldFault(pointer: pointer, code: .tooLong, detail: "Enter at most \(longest) characters."))
        } else if trimmed.unicodeScalars.contains(where: isForbidden) {
            faults.append(
                FieldFault(pointer: pointer, code: .forbiddenCharacter, detail: "Remove the control characters."))
        }
        return trimmed
    }
}
