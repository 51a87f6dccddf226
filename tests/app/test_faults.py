"""Codes of ESP-IDF in words, at the pod's console and in a driver's own message."""

import pytest
from backstep.app.faults import reason
from backstep.drivers.registers import Registers


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (116, "OSError 116: ETIMEDOUT, the bus is held"),
        (258, "OSError 258: ESP_ERR_INVALID_ARG"),
        (259, "OSError 259: ESP_ERR_INVALID_STATE, the bus is busy or held"),
        (-264, "OSError -264: ESP_ERR_INVALID_RESPONSE, not acknowledged"),
    ],
)
def test_a_code_of_esp_idf_is_told_in_words(code, words):
    assert reason(OSError(code)) == words


def test_other_errors_are_told_as_they_are():
    assert reason(OSError(5)) == "OSError: 5"
    assert reason(OSError(19, "drv2605l at 0x5a: no answer")) == "drv2605l at 0x5a: no answer"
    assert reason(ValueError("x")) == "ValueError: x" and reason(OSError()) == "OSError"


class Silent:
    def __init__(self, code):
        self.code = code

    def readfrom_mem_into(self, address, register, buffer):
        raise OSError(self.code)


@pytest.mark.parametrize(("code", "end"), [(19, ""), (116, " (ETIMEDOUT, the bus is held)")])
def test_a_chip_that_does_not_answer_says_why_where_that_is_known(code, end):
    with pytest.raises(OSError) as refused:
        Registers(Silent(code), 0x6A, "lsm6dsox").expect(0x0F, 0, 0x6C, "who_am_i")
    assert refused.value.args[0] == code
    assert reason(refused.value) == "lsm6dsox at 0x6a: no answer" + end
