"""Every scenario, registered by being imported; `make faults` runs them in this order."""

import kills  # noqa: F401, I001
import thousands  # noqa: F401
import endings  # noqa: F401
import storage  # noqa: F401
import clocks  # noqa: F401
import assistants  # noqa: F401
