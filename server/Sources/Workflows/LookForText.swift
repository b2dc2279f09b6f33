public import Domain
public import Logging
import Metrics

/// Looks for letters in the pixels of every picture that was kept, one picture after another. What was waiting when the
/// process ended is looked at after the next start.
public final class LookForText: TextReading {
    private let studies: any StudyStore
    private let blobs: any BlobStore
    private let engine: any PictureEngine
    private let limits: Limits
    private let logger: Logger
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    public init(
        studies: any StudyStore, blobs: any BlobStore, engine: any PictureEngine, limits: Limits, logger: Logger
    ) {
        self.studies = studies
        self.blobs = blobs
        self.engine = engine
        self.limits = limits
        self.logger = logger
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public func look(at upload: Upload) {
        ring.yield()
    }

    /// Runs until its task is cancelled; a picture that is being looked at then is looked at again.
    public func run() async {
        ring.yield()
        for await _ in bell {
            do throws(Fault) {
                while !Task.isCancelled, let upload = try await studies.nextWithoutText() {
                    let found = await burnedIn(of: upload)
                    // Called off in the middle, it says nothing about the picture: it is looked at after the next start.
                    if Task.isCancelled { return }
                    try await studies.setBurnedIn(found, of: upload.id)
                }
            } catch {
                logger.error("letters could not be looked for", metadata: ["error": "\(error)"])
                lookLater()
            }
        }
    }

    /// The store had a fault, which may pass: the bell rings again by itself.
    private func lookLater() {
        Task { [ring] in
            try? await Task.sleep(for: .seconds(10))
            ring.yield()
        }
    }

    private func burnedIn(of upload: Upload) async -> Upload.BurnedIn {
        let started = ContinuousClock.now
        do {
            let picture = try await blobs.picture(of: upload)
            guard let text = try await engine.readText(in: picture, limits: limits.picture) else { return .unknown }
            Timer(label: "lightbox_text_reading_seconds").recordSeconds((ContinuousClock.now - started) / .seconds(1))
            return .read(text)
        } catch {
            logger.warning("a picture's letters could not be read", metadata: ["error": "\(error)"])
            return .unknown
        }
    }
}
