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
        // Fillers and joiners look like nothing, though some of them count as letters.
        let saysSomething = trimmed.unicodeScalars.contains { scalar in
            (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                && !scalar.properties.isDefaultIgnorableCodePoint
        }
        if !saysSomething {
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
