import Domain
import ImageDecoding
import WorkerProtocol

extension JobLoop {
    /// A DICOM file without what says who it shows, sent piece by piece.
    func deidentify(
        _ id: UInt64, _ descriptor: Int32, _ limits: PictureLimits
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        let file = try open(descriptor, limits)
        let removed = try file.withBytes { (bytes) throws(Analyser.Fault) in
            do {
                return try Deidentification(limits: limits)
                    .write(bytes, pieceLength: WorkerAttachment.longestPiece) { try sendPiece($0, of: id) }
            } catch let fault as PictureFault {
                throw .picture(fault)
            } catch {
                throw .connection(error as? WorkerProtocolFault ?? WorkerProtocolFault(.system, "\(error)"))
            }
        }
        return WorkerFrame(.deidentified(id: id, removed: removed))
    }
}
