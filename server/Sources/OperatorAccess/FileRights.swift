import Glibc

/// Whose a file or folder is, and what others may do with it.
///
/// It has a file of its own: beside Foundation, an optimised build takes the fields of `stat` for another module's.
struct FileRights {
    let owner: uid_t
    let group: gid_t
    /// Permission bits, 0...0o777.
    let mode: mode_t

    /// nil where there is nothing at the path.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        owner = status.st_uid
        group = status.st_gid
        mode = status.st_mode & 0o777
    }
}
