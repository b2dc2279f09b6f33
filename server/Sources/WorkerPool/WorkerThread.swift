internal import CProcess
internal import Domain
internal import Foundation
internal import Glibc
internal import Logging
internal import WorkerProtocol

/// One place in the pool: a thread that starts a worker, gives it jobs, watches it and replaces it. All waiting for the
/// worker is done here, never on a thread of Swift's tasks.
struct WorkerThread: Sendable {
    let place: Int
    let configuration: WorkerPoolConfiguration
    let state: PoolState
    let metrics: WorkerMetrics

    private var logger: Logger { configuration.logger }

    func start() {
        let thread = Thread { run() }
        thread.name = "worker-\(place)"
        thread.start()
    }

    /// Why a process is over.
    private enum Ending {
        /// In its turn: after many jobs, for its memory, for a job that was called off, or for the end of the pool.
        case planned
        /// Before it was ready.
        case failedToStart
        /// Afterwards.
        case died
    }

    private func run() {
        var failures = 0
        while !state.isStopping {
            var hasWorked = false
            let ending = runOne(hasWorked: &hasWorked)
            if hasWorked || ending == .planned { failures = 0 }
            if ending != .planned { failures += 1 }
            guard !state.isStopping else { break }
            if failures > 0 {
                pause(WorkerPoolConfiguration.pause(afterFailures: failures, wasReady: ending == .died))
            }
            guard !state.isStopping else { break }
            state.willRestart(at: place)
            metrics.restarted()
        }
        state.threadEnded(at: place)
    }

    private func pause(_ duration: Duration) {
        guard duration > .zero else { return }
        _ = lb_wait_any([-1, -1, state.stopBell], Int32(duration / .milliseconds(1)))
    }

    /// The life of one process.
    private func runOne(hasWorked: inout Bool) -> Ending {
        let worker: WorkerProcess
        do throws(WorkerPoolError) { worker = try WorkerProcess(configuration) } catch {
            if case .unavailable(let reason) = error { failedToStart(reason) }
            return .failedToStart
        }
        guard state.began(worker.id, at: place) else {
            _ = end(worker)
            return .planned
        }
        let readiness: WorkerReadiness
        do throws(StartFault) { readiness = try awaitReady(worker) } catch {
            let how = end(worker)
            if !state.isStopping {
                failedToStart(error.reason ?? "The worker \(how.description) before it was ready.", worker.lastWords)
            }
            return .failedToStart
        }
        state.becameReady(readiness, at: place)
        logger.info(
            "worker is ready",
            metadata: [
                "pid": "\(worker.id)", "model": "\(readiness.modelID) \(readiness.modelVersion)",
                "sandbox": "\(readiness.sandbox.joined(separator: " "))",
                "milliseconds": "\(Int(readiness.startMilliseconds))",
            ])
        return serve(worker, readiness, hasWorked: &hasWorked)
    }

    /// `reason` is nil where the process ended without a word.
    private struct StartFault: Error {
        let reason: String?
    }

    private func awaitReady(_ worker: WorkerProcess) throws(StartFault) -> WorkerReadiness {
        let message: WorkerReply
        do throws(WorkerProtocolFault) {
            message = try worker.channel.receive(WorkerReply.self, deadline: .now + configuration.startTimeout).message
        } catch {
            switch error.code {
            case .closed: throw StartFault(reason: nil)
            case .timedOut: throw StartFault(reason: "The worker was not ready in time.")
            default: throw StartFault(reason: "The worker's first words are not those of a worker.")
            }
        }
        switch message {
        case .ready(let readiness): return readiness
        case .failed(_, _, let text): throw StartFault(reason: Conversation.sentence(text))
        default: throw StartFault(reason: "The worker's first words are not those of a worker.")
        }
    }

    private func failedToStart(_ reason: String, _ lastWords: String? = nil) {
        logger.error("worker cannot start", metadata: ["reason": "\(reason)", "last_words": "\(lastWords ?? "")"])
        state.failedToStart(reason, at: place)
    }

    private func serve(_ worker: WorkerProcess, _ readiness: WorkerReadiness, hasWorked: inout Bool) -> Ending {
        var jobs = 0
        while true {
            // A worker that speaks or goes while it has nothing to do is not to be trusted with a picture.
            guard lb_wait_any([worker.channel.descriptor, -1, -1], 0) == 0 else { return endedBetweenJobs(worker) }
            let taken = state.takeJobs(at: place, together: configuration.batch)
            guard let job = taken.first else {
                _ = lb_wait_any([worker.channel.descriptor, state.jobBell, state.stopBell], -1)
                if state.isStopping {
                    _ = end(worker)
                    return .planned
                }
                // Taken or not: whether there is a job is asked above.
                _ = lb_bell_take(state.jobBell)
                continue
            }
            let outcome =
                taken.count == 1
                ? carryOut(job, on: worker, readiness) : carryOut(together: taken, on: worker, readiness)
            switch outcome {
            case .livesOn: hasWorked = true
            case .ended(let ending): return ending
            }
            jobs += taken.count
            let isTooLarge = isTooLarge(worker)
            if isTooLarge { happened(.recycled) }
            guard jobs < configuration.recycleAfterJobs, !isTooLarge else {
                logger.info("worker is replaced in its turn", metadata: ["pid": "\(worker.id)", "jobs": "\(jobs)"])
                _ = end(worker)
                return .planned
            }
        }
    }

    private func endedBetweenJobs(_ worker: WorkerProcess) -> Ending {
        let how = end(worker)
        guard !state.isStopping else { return .planned }
        logger.warning("worker ended between jobs", metadata: ["pid": "\(worker.id)", "end": "\(how.description)"])
        return .died
    }

    private func isTooLarge(_ worker: WorkerProcess) -> Bool {
        (worker.residentMemory ?? 0) > configuration.recycleAboveMiB << 20
    }

    private enum Outcome {
        case livesOn
        case ended(Ending)
    }

    private func carryOut(_ job: Job, on worker: WorkerProcess, _ readiness: WorkerReadiness) -> Outcome {
        let began = ContinuousClock.now
        let conversation = Conversation(channel: worker.channel, readiness: readiness)
        var (result, survives) = conversation.carryOut(job, deadline: began + configuration.jobTimeout)
        var outcome = Outcome.livesOn
        if !survives {
            let how = end(worker)
            if result.isUnexplainedEnd {
                result = .failure(.workerDied(description: "The worker \(how.description)."))
            }
            outcome = .ended(state.isStopping ? .planned : .died)
            logger.warning(
                "worker is replaced",
                metadata: ["pid": "\(worker.id)", "job": "\(job.kind)", "end": "\(how.description)"])
            if !state.isStopping, !state.isCalledOff(at: place) {
                let timedOut = if case .failure(.timedOut) = result { true } else { false }
                happened(WorkerIncident(how, timedOut: timedOut))
            }
        }
        if state.finishedJobs(at: place, answered: survives ? 1 : 0).contains(job.id) {
            // The worker was killed for it, perhaps only now.
            if survives { _ = end(worker) }
            result = .failure(.cancelled)
            outcome = .ended(.planned)
        } else if !survives, state.isStopping {
            result = .failure(.shuttingDown)
        }
        metrics.took(began.duration(to: .now), for: job.kind)
        job.finish(result)
        return outcome
    }

    /// Like ``carryOut(_:on:_:)`` for several analyses at once. Those that lose their worker are done again, each alone, so
    /// that only the one whose picture ends it pays for it.
    private func carryOut(
        together jobs: [Job], on worker: WorkerProcess, _ readiness: WorkerReadiness
    ) -> Outcome {
        let began = ContinuousClock.now
        let conversation = Conversation(channel: worker.channel, readiness: readiness)
        let (answers, survives, timedOut) = conversation.carryOut(
            together: jobs, deadline: began + configuration.jobTimeout * jobs.count)
        var outcome = Outcome.livesOn
        if !survives {
            let how = end(worker)
            outcome = .ended(state.isStopping ? .planned : .died)
            logger.warning(
                "worker is replaced",
                metadata: ["pid": "\(worker.id)", "jobs": "\(jobs.count)", "end": "\(how.description)"])
            if !state.isStopping, !state.isCalledOff(at: place) { happened(WorkerIncident(how, timedOut: timedOut)) }
        }
        let calledOff = state.finishedJobs(at: place, answered: answers.count)
        if !calledOff.isEmpty {
            // The worker was killed for it, perhaps only now.
            if survives { _ = end(worker) }
            outcome = .ended(.planned)
        }
        metrics.wereTogether(jobs.count)
        var lost: [Job] = []
        for job in jobs {
            if calledOff.contains(job.id) {
                job.finish(.failure(.cancelled))
            } else if let answer = answers[job.id] {
                metrics.took(began.duration(to: .now), for: job.kind)
                job.finish(answer)
            } else {
                lost.append(job)
            }
        }
        if !lost.isEmpty { state.putBack(lost) }
        return outcome
    }

    private func happened(_ incident: WorkerIncident) {
        metrics.happened(incident)
        configuration.report(incident)
    }

    /// Stops a process, whatever it is doing. One that has ended keeps the status with which it did.
    private func end(_ worker: WorkerProcess) -> WorkerProcess.End {
        worker.channel.close()
        worker.kill()
        worker.awaitEnd()
        return state.ended(at: place) { worker.reap() }
    }
}
