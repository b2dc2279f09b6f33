import Assistant
import AuditTrail
import Domain
import LanguageModels
import Logging
import ServiceLifecycle
import Workflows

/// Ends the workers when everything that uses them has stopped.
struct EngineService: Service {
    let engine: WorkerPictureEngine

    func run() async throws {
        try? await gracefulShutdown()
        await engine.shutdown()
    }
}

/// Runs the queue; at the end of the process it takes nothing new and finishes what runs.
struct QueueService: Service {
    let queue: AnalysisQueue

    func run() async throws {
        await withGracefulShutdownHandler {
            await queue.run()
        } onGracefulShutdown: {
            queue.stop()
        }
    }
}

/// Makes reports; at the end of the process it takes nothing new and finishes what it makes.
struct ReportService: Service {
    let press: ReportPress

    func run() async throws {
        await withGracefulShutdownHandler {
            await press.run()
        } onGracefulShutdown: {
            press.stop()
        }
    }
}

/// Watches how the language model's servers do.
struct LanguageModelService: Service {
    let model: OpenAICompatibleModel

    func run() async throws {
        await cancelWhenGracefulShutdown { await model.run(reading: AssistantPrompt.rules) }
    }
}

/// Looks for letters in pictures until the process ends.
struct TextService: Service {
    let text: LookForText

    func run() async throws {
        // Nobody waits for it, so that the end of the process doesn't either.
        await cancelWhenGracefulShutdown { await text.run() }
    }
}

/// Closes the event streams first, because a listener waits for its connections when it stops.
struct EventStreamService: Service {
    let board: ProgressBoard
    let answers: AnswerBoard
    let reports: ReportBoard

    func run() async throws {
        try? await gracefulShutdown()
        board.close()
        answers.close()
        reports.close()
    }
}

/// Writes the audit trail, and signs its head every hour and at the end of the process.
struct AuditService: Service {
    let writer: AuditWriter
    let retention: Duration

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await writer.run() }
            group.addTask {
                await cancelWhenGracefulShutdown {
                    while !Task.isCancelled {
                        await writer.sign(keeping: retention)
                        try? await Task.sleep(for: .seconds(3600))
                    }
                }
                await writer.sign(keeping: retention)
                writer.finish()
            }
        }
    }
}

/// Removes what has ended, every half minute: sessions that are over, and uploads that were left unfinished. Notes
/// whose findings were held back for too long.
struct SweepService: Service {
    let erase: EraseSession
    let parts: ReceiveInParts
    let readings: RecordReading
    let lifetime: SessionLifetime
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(Fault) {
                    let erased = try await erase.sweep(lifetime)
                    if erased > 0 { logger.info("sessions that were over erased", metadata: ["count": "\(erased)"]) }
                    let expired = try await parts.sweep()
                    if expired > 0 { logger.info("uploads left unfinished removed", metadata: ["count": "\(expired)"]) }
                    let shown = try await readings.sweep()
                    if shown > 0 { logger.info("findings shown by time", metadata: ["count": "\(shown)"]) }
                } catch {
                    logger.error("sessions could not be swept", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(30))
            }
        }
    }
}
