"""File types that mail providers reject, even inside a zip.

Source: Gmail, "File types blocked in Gmail" (support.google.com/mail/answer/6590), as of 2025. Outlook on the web
blocks more for direct attachments, but not inside archives.
"""

# fmt: off
REJECTED_SUFFIXES = frozenset([
    ".ade", ".adp", ".apk", ".appx", ".appxbundle", ".bat", ".cab", ".chm", ".cmd", ".com", ".cpl", ".diagcab",
    ".diagcfg", ".diagpkg", ".dll", ".dmg", ".ex", ".ex_", ".exe", ".hta", ".img", ".ins", ".iso", ".isp", ".jar",
    ".jnlp", ".js", ".jse", ".lib", ".lnk", ".mde", ".mjs", ".msc", ".msi", ".msix", ".msixbundle", ".msp", ".mst",
    ".nsh", ".pif", ".ps1", ".scr", ".sct", ".shb", ".sys", ".vb", ".vbe", ".vbs", ".vhd", ".vxd", ".wsc", ".wsf",
    ".wsh", ".xll",
])
# fmt: on
