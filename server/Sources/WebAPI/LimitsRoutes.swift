import Domain
import Hummingbird
import Resumable
import Workflows

/// What the page shows before anything is sent, and the models that run here.
struct LimitsRoutes: Sendable {
    let limits: Limits
    let rates: RateLimits
    let emergencyNumber: String
    let maintenance: MaintenanceSwitch
    let clinical: any ClinicalChecking

    func add(to api: RouterGroup<AppContext>) {
        api.get("limits") { _, _ in
            var body = Body(limits, rates: rates, emergencyNumber: emergencyNumber, maintenance: maintenance.current)
            if clinical.report.isShut { body.analysesPausedBy = .byModelCheck }
            return try JSON.response(body)
        }
    }

    struct Body: Encodable {
        struct Format: Encodable {
            var format: PictureFormat
            var mediaTypes: [String]
            var extensions: [String]
        }

        struct Archive: Encodable {
            var format: String
            var mediaTypes: [String]
            var extensions: [String]
        }

        var maxUploadBytes: Int
        var maxPixels: Int
        var maxEdge: Int
        var minEdge: Int
        var formats: [Format]
        /// A kind of file that is recognised and not taken.
        struct Advice: Encodable {
            var name: String
            var extensions: [String]
            var text: String
        }

        struct Resumable: Encodable {
            var version: String
            var maxSize: Int
            var expirationSeconds: Int
            var extensions: [String]
        }

        struct Rate: Encodable {
            var policy: String
            var requests: Int
            var seconds: Int
        }

        /// What one session may ask for, by kind; `RateLimit` in each answer tells what is left.
        var rates: [Rate]
        var maxJSONBytes: Int
        var archives: [Archive]
        var advice: [Advice]
        var maxFilesPerArchive: Int
        var previewWidths: [Int]
        var resumable: Resumable
        var maxUploadsPerSession: Int
        var idleTimeoutSeconds: Int
        var absoluteTimeoutSeconds: Int
        /// Minutes that findings are held back at most until a reading is recorded.
        var longestBlindMinutes: Int
        var consentVersion: String
        var emergencyNumber: String
        var version: String
        /// While nothing new is taken: what the operator tells people.
        var maintenance: Maintenance?
        /// Only while no analysis is taken for another reason.
        var analysesPausedBy: Hold?

        init(_ limits: Limits, rates: RateLimits, emergencyNumber: String, maintenance: Maintenance?) {
            self.rates = RateLimits.Kind.allCases.compactMap { kind in
                guard let quota = rates.quotas[kind]?.session else { return nil }
                return Rate(policy: kind.rawValue, requests: quota.requests, seconds: quota.seconds)
            }
            maxJSONBytes = JSON.longestBody
            self.maintenance = maintenance
            maxUploadBytes = limits.picture.maxBytes
            maxPixels = limits.picture.maxPixels
            maxEdge = limits.picture.maxEdge
            minEdge = limits.picture.minEdge
            formats = PictureFormat.allCases.map {
                Format(format: $0, mediaTypes: $0.mediaTypes, extensions: $0.fileExtensions)
            }
            archives = [Archive(format: "zip", mediaTypes: ["application/zip"], extensions: [".zip"])]
            advice = RecognisedFormat.all.map {
                Advice(name: $0.name, extensions: $0.extensions, text: $0.advice)
            }
            maxFilesPerArchive = limits.archive.maxEntries
            previewWidths = limits.previewEdges
            resumable = Resumable(
                version: TusVersion.current, maxSize: limits.picture.maxBytes,
                expirationSeconds: Int(limits.receptionLifetime), extensions: TusVersion.extensions)
            maxUploadsPerSession = limits.uploadsPerSession
            idleTimeoutSeconds = Int(limits.lifetime.idle)
            absoluteTimeoutSeconds = Int(limits.lifetime.absolute)
            longestBlindMinutes = Int(limits.longestBlind / 60)
            consentVersion = Consent.currentVersion
            self.emergencyNumber = emergencyNumber
            version = Version.current
        }
    }
}

/// Model cards, as data.
struct ModelRoutes: Sendable {
    let manifest: ModelManifest
    let studies: any WithdrawalStore

    func add(to api: RouterGroup<AppContext>) {
        api.get("models") { _, _ in
            try JSON.response(Body(models: [Model(manifest, try await studies.withdrawal(of: manifest))]))
        }
    }

    struct Body: Encodable {
        var models: [Model]
    }

    struct Model: Encodable {
        struct Head: Encodable {
            var id: String
            var name: String
            var purpose: ModelManifest.Head.Purpose
            var shown: Bool
            var whyNotShown: String?
            var threshold: Double?
            var thresholdRule: String?
            var scope: ModelManifest.Scope?
            var measured: ModelManifest.Measured?
        }

        var id: String
        var version: String
        var title: String
        var summary: String
        var intendedUse: String
        var licence: String
        var trainedOn: [String]
        var sha256: String
        var heads: [Head]
        var notChecked: [String]
        /// Where this version must not be used any more.
        var withdrawn: WithdrawnBody?

        init(_ manifest: ModelManifest, _ withdrawal: ModelWithdrawal?) {
            withdrawn = withdrawal.map { WithdrawnBody($0) }
            id = manifest.id
            version = manifest.version
            title = manifest.title
            summary = manifest.summary
            intendedUse = manifest.intendedUse
            licence = manifest.licence
            trainedOn = manifest.trainedOn
            sha256 = manifest.sha256
            notChecked = manifest.notChecked
            heads = manifest.heads.map {
                Head(
                    id: $0.id, name: $0.name ?? $0.id, purpose: $0.purpose, shown: $0.shown,
                    whyNotShown: $0.whyNotShown, threshold: $0.threshold, thresholdRule: $0.thresholdRule,
                    scope: $0.scope, measured: $0.measured)
            }
        }
    }
}
