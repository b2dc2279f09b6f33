import CSandbox
import Domain
import Glibc
import ImageDecoding
import Inference
import WorkerProtocol

/// Analyses that go through the model in one run.
extension JobLoop {
    /// One of them, from its request to its turn at the model.
    private struct Turn {
        let request: WorkerRequest
        let order: PictureOrder
        let limits: PictureLimits
    }

    /// Takes so many analyses and answers each for itself: what can't be decoded, or isn't understood by the model, costs
    /// nobody else anything.
    func serveTogether(_ count: Int) throws(WorkerProtocolFault) {
        guard (1...WorkerRequest.mostTogether).contains(count) else {
            throw WorkerProtocolFault(.malformed, "\(count) analyses at once are not taken.")
        }
        guard cpuSeconds == 0 || lb_cpu_limit_begin(UInt32(cpuSeconds * count)) == 0 else {
            throw WorkerProtocolFault(.system, "The limit of processor time cannot be set.")
        }
        var turns: [Turn] = []
        var prepared: [Analyser.Prepared] = []
        for _ in 0..<count {
            let (frame, descriptor) = try channel.receiveWithDescriptor(WorkerRequest.self)
            defer { close(descriptor) }
            guard case .analyse(_, let limits, let number, let adjustment) = frame.message else {
                throw WorkerProtocolFault(.malformed, "Only analyses can be run together.")
            }
            let turn = Turn(
                request: frame.message, order: PictureOrder(frame: number, adjustment: adjustment), limits: limits)
            do throws(Analyser.Fault) {
                prepared.append(try prepare(turn, descriptor))
                turns.append(turn)
            } catch {
                try refuse(turn, error)
            }
        }
        try inferAndExplain(turns, &prepared)
        lb_return_free_memory(Self.muchLeft)
    }

    private func prepare(_ turn: Turn, _ descriptor: Int32) throws(Analyser.Fault) -> Analyser.Prepared {
        let file = try open(descriptor, turn.limits)
        return try file.withBytes { (bytes) throws(Analyser.Fault) in
            try analyser.prepare(
                bytes, decoder: decoder(of: file, turn.limits), turn.order, progress: progress(turn))
        }
    }

    private func inferAndExplain(
        _ turns: [Turn], _ prepared: inout [Analyser.Prepared]
    ) throws(WorkerProtocolFault) {
        let outputs: [Result<OpenVINOModel.Output, ModelFault>]
        do throws(Analyser.Fault) {
            outputs = try analyser.infer(together: &prepared, progress: turns.map { progress($0) })
        } catch {
            // Only the connection can fail here: what the model says is in the results.
            if case .connection(let fault) = error { throw fault }
            return
        }
        for ((turn, one), output) in zip(zip(turns, prepared), outputs) {
            do throws(Analyser.Fault) {
                let run: OpenVINOModel.Output
                do throws(ModelFault) { run = try output.get() } catch { throw .model(error) }
                let output = try analyser.explain(one, run, progress: progress(turn))
                try deliver(WorkerFrame(.analysed(id: turn.request.id, output: output)), to: turn)
            } catch {
                try refuse(turn, error)
            }
        }
    }

    private func progress(_ turn: Turn) -> Analyser.Progress {
        { step throws(WorkerProtocolFault) in
            try channel.send(WorkerFrame(WorkerReply.progress(id: turn.request.id, step: step)))
        }
    }

    private func deliver(_ reply: WorkerFrame<WorkerReply>, to turn: Turn) throws(Analyser.Fault) {
        do throws(WorkerProtocolFault) { try send(reply, to: turn.request) } catch { throw .connection(error) }
    }

    private func refuse(_ turn: Turn, _ fault: Analyser.Fault) throws(WorkerProtocolFault) {
        try send(try reply(to: turn.request, fault), to: turn.request)
    }
}
