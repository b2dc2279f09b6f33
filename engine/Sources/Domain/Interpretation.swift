/// What raw numbers mean for one person: the gate first, then scope, then findings. Pure, so that it is the same on the
/// server, on the command line and in a test.
public struct Interpretation: Sendable {
    public let manifest: ModelManifest
    public let engineVersion: String

    public init(manifest: ModelManifest, engineVersion: String) {
        self.manifest = manifest
        self.engineVersion = engineVersion
    }

    /// - Parameter adjustment: what was done to the picture before it was measured.
    /// - Throws: ``UnusableOutput`` when the numbers don't fit the manifest; nothing is shown then.
    public func outcome(
        of output: EngineOutput, for told: PatientFacts, after adjustment: PictureAdjustment = .none
    ) throws(UnusableOutput) -> Analysis.Outcome {
        guard output.modelID == manifest.id, output.modelSHA256 == manifest.sha256 else {
            throw UnusableOutput("The worker ran another model than the server knows.")
        }
        guard output.logits.allSatisfy(\.isFinite) else { throw UnusableOutput("The model gave no numbers.") }
        if let refusal = refusal(for: output, after: adjustment) { return .refused(refusal) }
        return .completed(try result(of: output, for: told, after: adjustment))
    }

    // MARK: - The gate

    /// Measures outside these ranges are not a readable film. Fractions of the full grey range.
    private static let leastContrast = 0.08
    private static let darkestMean = 0.02
    private static let brightestMean = 0.97
    private static let mostColour = 0.12
    /// Pixels of the shorter side. The default model was measured on pictures of 64 and of 128 pixels, and was worse at
    /// 64 for nearly every finding (the groups in its card).
    private static let leastEdge = 128

    /// Modalities (PS3.3 C.7.3.1.1.1) under which projection X-rays are stored.
    private static let projectionModalities: Set<String> = ["CR", "DX", "DR", "RG", "RF", "XA", "OT", "SC"]

    /// Why nothing can be said about a picture; nil if it is a whole, readable chest film the right way round.
    ///
    /// - Parameter adjustment: what was done to the picture before it was measured. A remedy takes its place.
    public func refusal(for output: EngineOutput, after adjustment: PictureAdjustment = .none) -> Refusal? {
        func mend(_ code: Refusal.Code, by next: PictureAdjustment) -> Refusal {
            Refusal(code, remedy: adjustment.followed(by: next))
        }
        let dicom = output.inspection.dicom
        if let modality = dicom?.modality, !Self.projectionModalities.contains(modality.uppercased()) {
            return Refusal(.wrongModality)
        }
        if ["LL", "RL", "LLD", "RLD", "LATERAL", "LAT"].contains(dicom?.viewPosition?.uppercased()) {
            return Refusal(.notFrontal)
        }
        let measured = output.measurements
        if min(measured.width, measured.height) < Self.leastEdge { return Refusal(.tooSmall) }
        if measured.mean < Self.darkestMean { return Refusal(.tooDark) }
        if measured.mean > Self.brightestMean { return Refusal(.tooBright) }
        if measured.contrast < Self.leastContrast { return Refusal(.noContrast) }
        if measured.colourfulness > Self.mostColour { return Refusal(.notAChest) }

        for head in manifest.heads where head.purpose == .gate {
            guard let probability = head.probabilities(output.logits)?.first else { continue }
            if probability < head.threshold ?? 0.5 {
                return Refusal(head.id == "gate.frontal" ? .notFrontal : .notAChest)
            }
        }
        for head in manifest.heads where head.purpose == .orientation {
            switch head.decision(output.logits)?.name {
            case "upsideDown": return mend(.upsideDown, by: .init(turn: 180))
            case "rotatedLeft": return mend(.rotated, by: .init(turn: 90))
            case "rotatedRight": return mend(.rotated, by: .init(turn: 270))
            default: continue
            }
        }
        for head in manifest.heads where head.purpose == .polarity {
            if let probability = head.probabilities(output.logits)?.first, probability >= head.threshold ?? 0.5 {
                return mend(.inverted, by: .init(invert: true))
            }
        }
        for head in manifest.heads where found(head, in: output) {
            switch Refusal.Code(rawValue: head.id) {
            // Asked once: the heart of a few people lies on the right.
            case .mirrored where adjustment.mirror: continue
            case .mirrored: return mend(.mirrored, by: .init(mirror: true))
            case let code?: return Refusal(code)
            case nil: continue
            }
        }
        return nil
    }

    /// Whether a head for a fault of the picture found it.
    private func found(_ head: ModelManifest.Head, in output: EngineOutput) -> Bool {
        guard head.purpose == .fault, head.shown, let threshold = head.threshold,
            let probability = head.probabilities(output.logits)?.first
        else { return false }
        return probability >= threshold
    }

    // MARK: - The findings

    private func result(
        of output: EngineOutput, for told: PatientFacts, after adjustment: PictureAdjustment
    ) throws(UnusableOutput) -> AnalysisResult {
        let header = PatientFacts(dicom: output.inspection.dicom)
        let facts = told.completed(by: header)
        let projection = projection(of: output)
        var findings: [AnalysisResult.Finding] = []
        var withheld: [AnalysisResult.Withheld] = []
        for head in manifest.heads where head.purpose == .finding && head.shown {
            if let why = head.scope?.exclusion(age: facts.age, view: projection?.value) {
                withheld.append(.init(id: head.id, name: head.name ?? head.id, why: why))
            } else {
                findings.append(try finding(head, output))
            }
        }
        let flagged = Set(findings.filter(\.flagged).map(\.id))
        for head in manifest.heads {
            guard let condition = head.onlyWhenFlagged, !flagged.contains(condition),
                let index = findings.firstIndex(where: { $0.id == head.id })
            else { continue }
            findings.remove(at: index)
            let other = manifest.heads.first { $0.id == condition }?.name ?? condition
            withheld.append(
                .init(
                    id: head.id, name: head.name ?? head.id,
                    why: "It only means something where “\(other)” was flagged."))
        }
        findings.sort { ($0.flagged ? 1 : 0, $0.probability, $1.id) > ($1.flagged ? 1 : 0, $1.probability, $0.id) }
        return AnalysisResult(
            model: .init(manifest), engineVersion: engineVersion,
            quality: .init(
                width: output.measurements.width, height: output.measurements.height,
                notes: qualityNotes(output, after: adjustment)),
            scope: scope(facts, told: told, findings: findings, projection: projection),
            projection: projection, findings: findings, withheld: withheld, notChecked: manifest.notChecked,
            milliseconds: output.milliseconds)
    }

    private func projection(of output: EngineOutput) -> AnalysisResult.Projection? {
        if let stated = output.inspection.dicom?.viewPosition?.uppercased(), ["PA", "AP"].contains(stated) {
            return .init(value: stated, probability: 1, source: .header)
        }
        guard let head = manifest.heads.first(where: { $0.purpose == .view && $0.shown }),
            let (view, probability) = head.decision(output.logits)
        else { return nil }
        return .init(value: view, probability: probability, source: .model)
    }

    private func finding(
        _ head: ModelManifest.Head, _ output: EngineOutput
    ) throws(UnusableOutput) -> AnalysisResult.Finding {
        guard let probability = head.probabilities(output.logits)?.first,
            let finding = AnalysisResult.Finding(
                head, probability: probability, activation: output.activations.first { $0.headID == head.id })
        else { throw UnusableOutput("The head \(head.id) has no probability, threshold or measured result.") }
        return finding
    }

    private func qualityNotes(_ output: EngineOutput, after adjustment: PictureAdjustment) -> [AnalysisResult.Note] {
        let measured = output.measurements
        var notes: [AnalysisResult.Note] = []
        if min(measured.width, measured.height) < 512 {
            notes.append(
                .init(
                    code: "low-resolution",
                    text: "The picture has few pixels (\(measured.width) × \(measured.height)). Fine detail is lost."))
        }
        if measured.contrast < 0.25 {
            notes.append(.init(code: "low-contrast", text: "The picture has little contrast."))
        }
        if measured.clippedHigh > 0.15 {
            notes.append(
                .init(code: "overexposed", text: "Large parts are pure white, so what lies there can't be seen."))
        }
        if measured.clippedLow > 0.45 {
            notes.append(
                .init(code: "underexposed", text: "Large parts are pure black, so what lies there can't be seen."))
        }
        if output.inspection.frames > 1 {
            notes.append(
                .init(
                    code: "one-of-several",
                    text: "The file holds \(output.inspection.frames) pictures; only one of them was analysed."))
        }
        if output.inspection.dicom?.burnedInAnnotation?.uppercased() == "YES" {
            notes.append(
                .init(code: "burned-in-text", text: "The file says that text is written into the picture."))
        }
        if adjustment.mirror {
            notes.append(
                .init(
                    code: "mirrored",
                    text:
                        "The picture was mirrored as asked: its left and right are the other way round than in the file."
                ))
            if manifest.heads.contains(where: { $0.id == Refusal.Code.mirrored.rawValue && found($0, in: output) }) {
                notes.append(
                    .init(
                        code: "heart-on-the-right",
                        text:
                            "Mirrored as asked, the heart seems to lie on the right. Either the file was the right way "
                            + "round, or the heart really lies there. Somebody trained should check which side is left."
                    ))
            }
        }
        return notes
    }

    private func scope(
        _ facts: PatientFacts, told: PatientFacts, findings: [AnalysisResult.Finding],
        projection: AnalysisResult.Projection?
    ) -> AnalysisResult.ScopeStatement {
        var notes: [String] = []
        if told.age == nil, facts.age != nil { notes.append("The age was taken from the file.") }
        if let projection, projection.source == .model, projection.value == "AP" {
            notes.append("The picture seems to be taken from the front (AP), which makes the heart look wider.")
        }
        if facts.mayBePregnant {
            notes.append(
                "There may be a pregnancy. Tell whoever plans the next X-ray; the model was not measured in pregnancy.")
        }
        let statement: String
        if !findings.isEmpty {
            statement = "The model looked for the findings below and for nothing else."
        } else if !manifest.heads.contains(where: { $0.purpose == .finding && $0.shown }) {
            statement =
                "No finding of this model has been measured well enough to be shown. It only checked the picture itself, "
                + "and says nothing about what can be seen in it."
        } else if let age = facts.age {
            statement =
                "The model wasn't made for someone of \(age) years. It only checked the picture itself, and says "
                + "nothing about what can be seen in it."
        } else {
            statement =
                "The age isn't known, so the model can't tell whether it was made for this person. It only checked the "
                + "picture itself, and says nothing about what can be seen in it."
        }
        return .init(statement: statement, ageYears: facts.age, notes: notes)
    }
}

/// The engine's numbers don't fit the model package.
public struct UnusableOutput: Error, Sendable, Equatable {
    public var message: String

    public init(_ message: String) {
        self.message = message
    }
}
