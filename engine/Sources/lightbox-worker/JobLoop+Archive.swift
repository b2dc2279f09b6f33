import Archives
import Domain
import WorkerProtocol

extension JobLoop {
    /// The files in a ZIP archive.
    func list(
        _ id: UInt64, _ descriptor: Int32, _ limits: PictureLimits, _ archive: ArchiveLimits
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        let file = try openArchive(descriptor, limits)
        do throws(PictureFault) {
            let entries = try file.withBytes { (bytes) throws(PictureFault) in
                try ZipArchive(bytes, limits: archive).entries()
            }
            return WorkerFrame(.listed(id: id, entries: entries))
        } catch {
            throw .picture(error)
        }
    }

    /// One file of a ZIP archive, sent piece by piece.
    func extract(
        _ id: UInt64, _ descriptor: Int32, _ limits: PictureLimits, _ archive: ArchiveLimits, _ index: Int
    ) throws(Analyser.Fault) -> WorkerFrame<WorkerReply> {
        let file = try openArchive(descriptor, limits)
        try file.withBytes { (bytes) throws(Analyser.Fault) in
            do {
                let extraction = try ZipArchive(bytes, limits: archive)
                    .extract(index, pieceLength: WorkerAttachment.longestPiece)
                while let piece = try extraction.next() { try sendPiece(piece, of: id) }
            } catch let fault as PictureFault {
                throw .picture(fault)
            } catch {
                throw .connection(error as? WorkerProtocolFault ?? WorkerProtocolFault(.system, "\(error)"))
            }
        }
        return WorkerFrame(.extracted(id: id))
    }

    private func openArchive(_ descriptor: Int32, _ limits: PictureLimits) throws(Analyser.Fault) -> PictureBytes {
        do throws(PictureFault) {
            return try PictureBytes(descriptor: descriptor, limits: limits)
        } catch {
            let code: PictureFault.Code =
                switch error.code {
                case .pictureTooLarge: .archiveTooLarge
                case .damagedPicture: .damagedArchive
                default: error.code
                }
            throw .picture(PictureFault(code, error.message))
        }
    }
}
