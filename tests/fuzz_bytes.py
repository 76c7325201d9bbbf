"""What schemathesis is told before it begins: a file's part is a body of bytes."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
