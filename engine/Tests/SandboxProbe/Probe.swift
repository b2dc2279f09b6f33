import CSandbox
import Glibc

/// Enters the sandbox of the worker and then tries one thing. Ends with status 0 when it was let through.
@main
struct Probe {
    static func main() {
        lb_sandbox_prepare()
        _exit(1)
    }
}
