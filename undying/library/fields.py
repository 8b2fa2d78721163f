"""The column that holds clean markup, under the name that the first migrations know it by."""

from undying.kernel.fields import ProseField

__all__ = ["ProseField"]
