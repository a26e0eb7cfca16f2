//! Lets a long text go into the module in one call of the browser's encoder. The generator's glue writes one character
//! after the other as long as each takes one byte, which for the body of a large request takes thirty times as long.

use anyhow::{Result, bail};

/// Where the glue begins to write, and what comes before it here: a text of which all characters were read and fit into
/// as many bytes is there. Of another one nothing is, and the glue goes on as it would have.
const BEGIN: &str = "    let offset = 0;\n";
const IN_ONE_CALL: &str = "    let offset = 0;\n    if (len > 100 && cachedTextEncoder.encodeInto(arg, mem.subarray(ptr, ptr + len)).read === len) offset = len;\n";

/// `glue`, as the generator wrote it, with that.
pub(crate) fn in_one_call(glue: &str) -> Result<String> {
    if glue.matches(BEGIN).count() != 1 {
        bail!("the glue writes texts in another way: another version of its generator?");
    }
    Ok(glue.replace(BEGIN, IN_ONE_CALL))
}

#[cfg(test)]
mod tests {
    use super::in_one_call;

    #[test]
    fn glue_of_another_form_is_refused() {
        assert!(in_one_call("let offset = 1;").is_err());
        assert!(in_one_call("    let offset = 0;\n    for (").is_ok());
    }
}
