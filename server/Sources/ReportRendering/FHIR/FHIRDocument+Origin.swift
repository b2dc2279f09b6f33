import Domain
import Foundation
import Workflows

/// What made the report, and from what.
extension FHIRDocument {
    static let notForCare = "Research and education only. Not a medical device, not a diagnosis."

    var software: FHIRValue {
        resource(
            "Device", "software",
            FHIRNarrative(
                "Lightbox \(content.sources.softwareVersion), engine \(result.engineVersion). \(Self.notForCare)"),
            [
                "status": "active", "deviceName": [["name": "Lightbox", "type": "user-friendly-name"]],
                "type": FHIRTerms.concept(text: "Software that makes reports"),
                "version": [
                    version("Lightbox", content.sources.softwareVersion), version("Engine", result.engineVersion),
                ], "safety": [FHIRTerms.concept(text: Self.notForCare)],
            ])
    }

    var model: FHIRValue {
        let model = result.model
        var narrative = FHIRNarrative()
        narrative.strong(stamp)
        narrative.paragraph("\(model.title), \(model.id) \(model.version).")
        narrative.paragraph(model.intendedUse)
        return resource(
            "Device", "model", narrative,
            [
                "extension": withdrawalMark, "status": content.withdrawal == nil ? "active" : "inactive",
                "statusReason": content.withdrawal.map { [FHIRTerms.concept(text: "Withdrawn: \($0.reason)")] },
                "deviceName": .list([
                    FHIRValue.text(model.title).map { ["name": $0, "type": "user-friendly-name"] },
                    FHIRValue.text(model.id).map { ["name": $0, "type": "model-name"] },
                ]), "type": FHIRTerms.concept(text: "Machine learning model that reads chest X-rays"),
                "version": [version("Model", model.version)],
                "property": .list([
                    digest("SHA-256 of the weights", model.sha256),
                    digest("SHA-256 of the preprocessing", model.preprocessingSha256),
                    digest("SHA-256 of the thresholds", content.sources.thresholds),
                ]), "note": .list([.note(model.intendedUse)]),
                "safety": [FHIRTerms.concept(text: Self.notForCare)], "parent": reference("software"),
            ])
    }

    private func version(_ type: String, _ value: String) -> FHIRValue? {
        FHIRValue.text(value).map { ["type": FHIRTerms.concept(text: type), "value": $0] }
    }

    private func digest(_ name: String, _ value: String) -> FHIRValue? {
        FHIRValue.text(value) == nil
            ? nil
            : [
                "type": FHIRTerms.concept(text: name),
                "valueCode": [FHIRTerms.concept(FHIRTerms.coding(FHIRTerms.digest, value), text: value)],
            ]
    }

    /// Hashes of all that the report was made from.
    var sources: [(name: String, sha256: String)] {
        let sources = content.sources
        return [
            ("The picture as received", sources.picture), ("Weights of the model", sources.model),
            ("Preprocessing", sources.preprocessing), ("Thresholds of all findings", sources.thresholds),
            ("The text that the assistant is given of this record", sources.context),
        ]
    }

    /// The signature of it is the bundle's, because it covers all of it.
    var provenance: FHIRValue {
        let made = ["composition", "report"] + resultRoles + ["urgency"]
        let participant = { FHIRTerms.concept(FHIRTerms.hl7("provenance-participant-type", $0)) }
        var narrative = FHIRNarrative("Made by Lightbox \(content.sources.softwareVersion) on \(editionTime) from:")
        narrative.terms(sources.map { ("\($0.name), SHA-256", $0.sha256) })
        return resource(
            "Provenance", "provenance", narrative,
            [
                "target": .list(made.map { reference($0) }), "recorded": .string(editionTime),
                "activity": FHIRTerms.concept(text: "A program made the report"),
                "agent": [
                    [
                        "type": participant("assembler"),
                        "who": reference("software", "Lightbox \(content.sources.softwareVersion)"),
                    ],
                    [
                        "type": participant("performer"),
                        "who": reference("model", "\(result.model.id) \(result.model.version)"),
                    ],
                ],
                "entity": .list(
                    sources.map { source in
                        FHIRValue.text(source.sha256).map { digest in
                            [
                                "role": "source",
                                "what": [
                                    "identifier": ["system": .string(FHIRTerms.digest), "value": digest],
                                    "display": .text(source.name),
                                ],
                            ]
                        }
                    } + [["role": "source", "what": reference("record", "The answers of the person")]]),
            ])
    }
}
