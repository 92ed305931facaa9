"""Office formats, bytes → bytes: OPC packages, Word, Excel, charts, compound files. No module here touches a disk."""
